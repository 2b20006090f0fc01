/** The order in which accounts stand: the open ones as the person wants them, and behind them those that are closed. */
import { describe, expect, it } from 'vitest';
import { afterOpen, arranged, type StoredAccount } from '../../../../electron/main/services/accounts/registry.ts';

/** `a b (c)`: a and b are open, c is not. */
function accounts(text: string): StoredAccount[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const id = word.replace(/[()]/g, '');
      return { account: { id }, capabilities: [], token: null, weak: false, open: id === word } as never;
    });
}
const text = (list: readonly StoredAccount[]) =>
  list.map(({ account: { id }, open }) => (open ? id : `(${id})`)).join(' ');

describe('the order of the accounts', () => {
  it.each([
    ['as it is asked for', 'a b c', 'c a b', 'c a b'],
    ['those that are not named come behind, as they stood', 'a b c d', 'c', 'c a b d'],
    ['a name that is not there moves nothing', 'a b', 'x b', 'b a'],
    ['nothing asked: nothing moved', 'b a (d) (c)', '', 'b a (d) (c)'],
    ['those that are closed stay behind, newest first, even when they are named', 'a (z) (y)', 'y z a', 'a (z) (y)'],
    ['closed ones among open ones go behind', '(z) b (y) a', 'a b', 'a b (z) (y)'],
    ['named behind those that are not', 'a b c', 'b a', 'b a c'],
  ])('%s', (_what, before, ids, after) => {
    const list = accounts(before);
    expect(text(arranged(list, ids.split(' ')))).toBe(after);
    expect(text(list)).toBe(before);
  });

  it.each([
    ['behind the open ones', 'a b', 'c', 'a b c'],
    ['before those that are closed', 'a (z) (y)', 'c', 'a c (z) (y)'],
    ['closed: as the newest of them', 'a (z)', '(c)', 'a (c) (z)'],
    ['as the first', '', 'c', 'c'],
    ['with nothing open', '(z)', 'c', 'c (z)'],
  ])('one more goes %s', (_what, before, one, after) => {
    const [record] = accounts(one);
    expect(record && text(afterOpen(accounts(before), record))).toBe(after);
  });
});
