import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListScanner } from '../../../../electron/main/services/api/list-scanner.ts';

const LIMITS = { item: 1000, around: 1000 };
/** More than any value here has. */
const WIDE = { item: 1_000_000, around: 1_000_000 };

function scan(text: string, sizes: readonly number[] = [text.length], limits = LIMITS) {
  const scanner = new ListScanner('chats', limits);
  const items: string[] = [];
  for (let at = 0, n = 0; at < text.length; n += 1) {
    const size = Math.max(1, sizes[n % sizes.length] ?? 1);
    items.push(...scanner.push(text.slice(at, at + size)));
    at += size;
  }
  return { scanner, items };
}

describe('the items of a list that comes in pieces', () => {
  const list = [{ id: 'a', chats: [1] }, ['data'], '], "x" \\ {', 7, null, { deep: [[{ a: ']' }]] }];
  it.each([
    ['under its own name', { ok: true, chats: list, next: 'n' }, { ok: true, chats: [], next: 'n' }],
    ['bare', list, []],
    ['under data', { data: list, total: 6 }, { data: [], total: 6 }],
    [
      'under data and its own name',
      { meta: { chats: 1 }, data: { x: {}, chats: list } },
      { meta: { chats: 1 }, data: { x: {}, chats: [] } },
    ],
    ['beside other lists', { tags: [['chats']], chats: list, more: [1] }, { tags: [['chats']], chats: [], more: [1] }],
  ])('are found %s, however it is cut', (_where, json, around) => {
    const text = [JSON.stringify(json), JSON.stringify(json, null, 1)];
    for (const one of text) {
      for (const sizes of [[one.length], [1], [2, 3, 5]]) {
        const { scanner, items } = scan(one, sizes);
        expect(items.map((item) => JSON.parse(item) as unknown)).toEqual(list);
        expect(JSON.parse(scanner.around ?? '')).toEqual(around);
        expect([scanner.isFound, scanner.isWhole, scanner.skipped]).toEqual([true, true, 0]);
      }
    }
  });

  it('are the same as JSON.parse finds, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (items, sizes) => {
          const found = scan(JSON.stringify({ a: { chats: 1 }, chats: items }), sizes, WIDE).items;
          expect(found.map((item) => JSON.parse(item) as unknown)).toEqual(JSON.parse(JSON.stringify(items)));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are left out where they are too long, and kept where the end is missing', () => {
    const { scanner, items } = scan(`{"chats":["a","${'x'.repeat(2000)}","b"],"rest":"${'y'.repeat(2000)}"}`, [7]);
    expect(items).toEqual(['"a"', '"b"']);
    expect([scanner.skipped, scanner.around, scanner.isWhole]).toEqual([1, null, true]);
    const cut = scan('{"chats":[{"id":"a"},{"id":"b"},{"id":');
    expect(cut.items).toEqual(['{"id":"a"}', '{"id":"b"}']);
    expect(cut.scanner.isWhole).toBe(false);
  });

  it('are none where there is no list', () => {
    for (const text of [
      '',
      '{}',
      '{"chats":{"chats":[1]}}',
      '{"x":{"chats":[1]}}',
      '"chats"',
      '{"error":{"chats":[]}}',
    ])
      expect(scan(text).scanner.isFound, text).toBe(false);
  });
});
