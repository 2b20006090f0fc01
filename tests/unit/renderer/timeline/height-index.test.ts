import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeightIndex } from '../../../../renderer/src/ui/timeline/height-index.ts';

/** Heights on the browser's grid of 1/64 px, zero included. */
const height = fc.integer({ min: 0, max: 64 * 400 }).map((units) => units / 64);

function sumTo(heights: readonly number[], end: number): number {
  return heights.slice(0, end).reduce((sum, one) => sum + one, 0);
}

describe('HeightIndex', () => {
  it('is empty at first', () => {
    const index = new HeightIndex();
    expect([index.size, index.total, index.indexAt(0), index.indexAt(99), index.heightOf(0)]).toEqual([0, 0, 0, 0, 0]);
  });

  it.each([
    [-5, 0],
    [0, 0],
    [9.9, 0],
    [10, 1],
    [29.9, 1],
    [30, 3],
    [59, 3],
    [60, 3],
    [1e9, 3],
  ])('finds the row at offset %d', (offset, row) => {
    const index = new HeightIndex();
    index.splice(0, 0, [10, 20, 0, 30]);
    expect(index.indexAt(offset)).toBe(row);
  });

  it('says the same as a plain array after any splices and changes', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('splice' as const),
        at: fc.nat(300),
        remove: fc.nat(40),
        heights: fc.array(height, { maxLength: 90 }),
      }),
      fc.record({ kind: fc.constant('append' as const), heights: fc.array(height, { maxLength: 20 }) }),
      fc.record({ kind: fc.constant('set' as const), at: fc.nat(300), height }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 25 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (steps, spots) => {
          const index = new HeightIndex();
          const plain: number[] = [];
          for (const one of steps) {
            if (one.kind === 'set') {
              const at = one.at % Math.max(plain.length, 1);
              if (plain.length === 0) continue;
              expect(index.set(at, one.height)).toBe(one.height - (plain[at] ?? 0));
              plain[at] = one.height;
            } else {
              const at = one.kind === 'append' ? plain.length : Math.min(one.at, plain.length);
              const remove = one.kind === 'append' ? 0 : Math.min(one.remove, plain.length - at);
              index.splice(at, remove, one.heights);
              plain.splice(at, remove, ...one.heights);
            }
            expect(index.size).toBe(plain.length);
            expect(index.total).toBe(sumTo(plain, plain.length));
          }
          for (let row = 0; row <= plain.length; row++) expect(index.offsetOf(row)).toBe(sumTo(plain, row));
          for (const spot of spots) {
            const offset = spot * index.total;
            const row = index.indexAt(offset);
            if (plain.length === 0 || offset >= index.total) continue;
            expect(sumTo(plain, row)).toBeLessThanOrEqual(offset);
            expect(sumTo(plain, row + 1)).toBeGreaterThan(offset);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('stays quick at 100,000 rows', () => {
    const index = new HeightIndex();
    index.splice(
      0,
      0,
      Array.from({ length: 100_000 }, (_, row) => 20 + (row % 7)),
    );
    const started = performance.now();
    for (let turn = 0; turn < 100_000; turn++) {
      index.set((turn * 7919) % 100_000, 20 + (turn % 50));
      index.indexAt((turn * 104_729) % index.total);
    }
    // Logarithmic: 100,000 turns take some tens of milliseconds; a linear walk would take minutes.
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
