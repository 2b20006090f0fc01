import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockOffset, type Reading } from '../../../bench/trace/clocks.ts';

/** A look at a clock that goes `ahead`, answered after `there` and back after `back` milliseconds. */
function reading(ahead: number, there: number, back: number, at = 1000): Reading {
  return { before: at, other: at + there + ahead, after: at + there + back };
}

describe('clockOffset', () => {
  it.each<[what: string, readings: Reading[], ahead: number, uncertain: number]>([
    ['clocks that agree', [reading(0, 1, 1)], 0, 2],
    ['clocks that may agree: the way there took longer', [reading(0, 3, 1)], 0, 4],
    ['a clock that is certainly ahead', [reading(5, 1, 1)], 4, 2],
    ['a clock that is certainly behind', [reading(-5, 1, 1)], -4, 2],
    ['the quickest answer of several', [reading(5, 9, 9), reading(5, 0.1, 0.1)], 4.9, 0.2],
  ])('knows %s', (_what, readings, ahead, uncertain) => {
    const offset = clockOffset(readings);
    expect(offset).toMatchObject({ ok: true });
    if (!offset.ok) return;
    expect(offset.ahead).toBeCloseTo(ahead, 9);
    expect(offset.uncertain).toBeCloseTo(uncertain, 9);
  });

  it('refuses clocks that drifted apart', () => {
    expect(clockOffset([reading(0, 0.1, 0.1), reading(3, 0.1, 0.1)])).toMatchObject({ ok: false });
  });

  it('is never further from the truth than it says', () => {
    const ms = fc.double({ min: 0, max: 50, noNaN: true });
    fc.assert(
      fc.property(
        fc.double({ min: -100, max: 100, noNaN: true }),
        fc.array(fc.tuple(ms, ms), { minLength: 1 }),
        (ahead, ways) => {
          const offset = clockOffset(ways.map(([there, back]) => reading(ahead, there, back)));
          // Numbers of this size round at a trillionth; the smallest interval may be empty by as much.
          if (!offset.ok) expect(Math.min(...ways.map(([there, back]) => there + back))).toBeLessThan(1e-9);
          else expect(Math.abs(offset.ahead - ahead)).toBeLessThanOrEqual(offset.uncertain + 1e-9);
        },
      ),
    );
  });
});
