import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyIndex, spliceBetween } from '../../../../renderer/src/ui/timeline/key-index.ts';

describe('spliceBetween', () => {
  it.each([
    ['', '', null],
    ['abc', 'abc', null],
    ['', 'ab', { start: 0, removed: 0, inserted: 2 }],
    ['ab', '', { start: 0, removed: 2, inserted: 0 }],
    ['bc', 'abc', { start: 0, removed: 0, inserted: 1 }],
    ['ab', 'abc', { start: 2, removed: 0, inserted: 1 }],
    ['abc', 'ac', { start: 1, removed: 1, inserted: 0 }],
    ['abcd', 'acbd', { start: 1, removed: 2, inserted: 2 }],
    ['abc', 'xyz', { start: 0, removed: 3, inserted: 3 }],
  ])('%s to %s', (from, to, splice) => {
    expect(spliceBetween([...from], [...to])).toEqual(splice);
  });
});

describe('KeyIndex', () => {
  it('finds every key and no other after any sequence of lists', () => {
    const lists = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 60 }).map((key) => `k${key}`)), { maxLength: 12 });
    fc.assert(
      fc.property(lists, (sequence) => {
        const index = new KeyIndex();
        for (const keys of sequence) {
          index.replace(keys);
          for (let key = 0; key <= 60; key++) expect(index.indexOf(`k${key}`)).toBe(keys.indexOf(`k${key}`));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('finds every key after pages before, after and removals of a long list', () => {
    const index = new KeyIndex();
    let keys = Array.from({ length: 500 }, (_, at) => `m${at}`);
    index.replace(keys);
    for (let turn = 0; turn < 40; turn++) {
      const page = Array.from({ length: 30 }, (_, at) => `p${turn}-${at}`);
      keys = turn % 3 === 0 ? [...page, ...keys] : turn % 3 === 1 ? [...keys, ...page] : keys.slice(20, -5);
      index.replace(keys);
      keys.forEach((key, at) => expect(index.indexOf(key)).toBe(at));
    }
  });
});
