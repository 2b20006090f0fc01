/** The accounts that a computer knows, as they come back from the disk, whatever stands there. */
import { describe, expect, it } from 'vitest';
import { ok } from '../../../../contract/model/errors.ts';
import { registerProblems } from '../../../../electron/main/services/accounts/register-problems.ts';
import { readRegistry, writeRegistry } from '../../../../electron/main/services/accounts/registry.ts';
import { recordingLogger } from '../../../helpers/main-parts.ts';

const account = (id: string) => ({
  account: {
    id,
    server: 'https://relay.example',
    user: {
      id: 'u1',
      username: 'ada',
      name: 'Ada',
      firstName: 'Ada',
      lastName: '',
      bio: '',
      online: null,
      lastSeenAt: null,
      avatarUrl: null,
    },
  },
  capabilities: ['sync'],
  token: 'kept',
  weak: false,
  open: true,
});
function read(stored: Record<string, unknown>) {
  const logger = recordingLogger();
  return { registry: readRegistry({ read: () => stored, write: () => ok(null) }, logger), logger };
}

describe('the registry', () => {
  it('comes back as it was written, and nothing comes from an empty file', () => {
    const registry = { current: 'a', accounts: [account('a'), account('b')], keepWeakly: true };
    let written: Record<string, unknown> = {};
    const document = {
      read: () => written,
      write: (value: Record<string, unknown>) => {
        written = structuredClone(value);
        return ok(null);
      },
    };
    expect(writeRegistry(document, registry)).toEqual(ok(null));
    expect(readRegistry(document, recordingLogger())).toEqual(registry);
    expect(read({}).registry).toEqual({ current: null, accounts: [], keepWeakly: null });
  });

  it('keeps an account that was stored before people had pictures', () => {
    const { account: stored, ...rest } = account('a');
    const user = Object.fromEntries(Object.entries(stored.user).filter(([name]) => name !== 'avatarUrl'));
    const { registry } = read({ current: 'a', accounts: [{ ...rest, account: { ...stored, user } }] });
    expect(registry.accounts).toEqual([account('a')]);
  });

  it('leaves out an account that makes no sense, with the names of what was wrong, and keeps the others', () => {
    const bad = { ...account('x'), token: 7, weak: 'yes' };
    const { registry, logger } = read({ accounts: [account('a'), bad, 'nothing', account('b')], current: 'b' });
    expect(registry.accounts.map(({ account: { id } }) => id)).toEqual(['a', 'b']);
    expect(registry.current).toBe('b');
    expect(logger.of('sign_in.account_dropped').map(({ fields }) => fields['fields'])).toEqual([
      ['token', 'weak'],
      [''],
    ]);
    expect(JSON.stringify(logger.entries)).not.toContain('kept');
  });

  it.each([
    ['no account, and none is open', { current: 'gone', accounts: [{ ...account('a'), open: false }] }, null],
    ['no account, while one is open', { current: 'gone', accounts: [account('a')] }, 'a'],
    ['one that is not open', { current: 'b', accounts: [account('a'), { ...account('b'), open: false }] }, 'a'],
    ['no text', { current: 7, accounts: [account('a')] }, 'a'],
    ['an account that was left out', { current: 'x', accounts: [{ ...account('x'), weak: 1 }] }, null],
  ])('begins with an open account where that names %s', (_what, stored, current) => {
    expect(read(stored).registry.current).toBe(current);
  });

  it.each([
    ['the one it names', 'b', [false, true]],
    ['none where it names none', null, [false, false]],
  ])('of a version with one open account: opens %s', (_what, current, open) => {
    const old = ['a', 'b'].map((id) => ({ ...account(id), open: undefined }));
    const { registry } = read({ accounts: JSON.parse(JSON.stringify(old)) as unknown, current });
    expect(registry.accounts.map((record) => record.open)).toEqual(open);
    expect(registry.current).toBe(current);
  });

  it('takes no list for one, no more than a hundred accounts, and a word on weak key stores only where it is one', () => {
    expect(read({ accounts: { 0: account('a') } }).registry.accounts).toEqual([]);
    const many = Array.from({ length: 120 }, (_, n) => account(`a${String(n)}`));
    expect(read({ accounts: many }).registry.accounts).toHaveLength(100);
    expect(read({ keepWeakly: false }).registry.keepWeakly).toBe(false);
    expect(read({ keepWeakly: 'yes' }).registry.keepWeakly).toBeNull();
  });
});

describe('the form of a new account', () => {
  const form = {
    server: 'https://relay.example',
    username: 'ada_l',
    password: 'secret',
    firstName: 'Ada',
    lastName: 'L',
    age: 30,
    bio: '',
  };

  it('has nothing wrong with it, or says it field by field', () => {
    expect(registerProblems(form)).toEqual({});
    expect(
      registerProblems({ ...form, username: 'a', password: '1', firstName: '', lastName: '\n', age: 7, bio: '\ud800' }),
    ).toEqual({
      username: 'too_short',
      password: 'too_short',
      firstName: 'required',
      lastName: 'invisible',
      age: 'too_small',
      bio: 'bad_characters',
    });
  });
});
