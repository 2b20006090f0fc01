import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecycler } from '../../../../renderer/src/ui/recycler.ts';

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);

describe('the elements of rows', () => {
  it('stay with their rows, and go to those that come', () => {
    const { keysOf } = createRecycler();
    const first = keysOf(range(0, 10));
    const next = keysOf(range(3, 13));
    for (const row of range(3, 10)) expect(next.get(row)).toBe(first.get(row));
    expect(range(10, 13).map((row) => next.get(row))).toEqual(range(0, 3).map((row) => first.get(row)));
  });

  it('are as many as rows at the same time, however far the list is scrolled, and none is two rows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 50 }), (tops) => {
        const { keysOf } = createRecycler();
        const used = new Set<number>();
        for (const top of tops) {
          // The row in the tab order is there as well.
          const rows = [...new Set([5, ...range(top, top + 30)])];
          const keys = keysOf(rows);
          expect(new Set(keys.values()).size).toBe(rows.length);
          for (const key of keys.values()) used.add(key);
        }
        expect(used.size).toBeLessThanOrEqual(31);
      }),
    );
  });
});
