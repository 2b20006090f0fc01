import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CLOCK_TOLERANCE_MS,
  comparePositions,
  isPlausibleTime,
  pendingPosition,
  storedPosition,
} from '#contract/model/message-order.ts';

describe('the order of messages', () => {
  const place = fc.oneof(
    fc
      .record({ at: fc.integer({ min: 0, max: 5 }), id: fc.constantFrom('a', 'b', 'c') })
      .map(({ at, id }) => storedPosition(at, id)),
    fc
      .record({ n: fc.integer({ min: 1, max: 5 }), id: fc.constantFrom('x', 'y') })
      .map(({ n, id }) => pendingPosition(n, id)),
  );

  it('is total: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(place, place, place, (a, b, c) => {
        expect(Math.sign(comparePositions(a, b))).toBe(0 - Math.sign(comparePositions(b, a)));
        if (comparePositions(a, b) <= 0 && comparePositions(b, c) <= 0)
          expect(comparePositions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('puts what has not left after everything stored, in the order of writing', () => {
    const farFuture = storedPosition(Date.UTC(9999, 0), 'm');
    expect(comparePositions(farFuture, pendingPosition(1, 'a'))).toBeLessThan(0);
    expect(comparePositions(pendingPosition(1, 'z'), pendingPosition(2, 'a'))).toBeLessThan(0);
  });

  it('goes by time, then by id', () => {
    const order = [storedPosition(1, 'b'), storedPosition(2, 'a'), storedPosition(2, 'b'), pendingPosition(1, 'a')];
    expect(order.toReversed().sort(comparePositions)).toEqual(order);
    expect(comparePositions(storedPosition(2, 'a'), storedPosition(2, 'a'))).toBe(0);
    expect(pendingPosition(3, 'x')).toEqual({ at: 8.64e15 + 3, tie: 'x' });
  });
});

describe('a time that a message may have', () => {
  const now = Date.UTC(2026, 5, 1);
  const first = Date.UTC(2000, 0, 1);

  it.each([
    ['now', now, true],
    ['two minutes ahead, as clocks may be', now + 120_000, true],
    ['a millisecond more', now + 120_001, false],
    ['the first moment of the year 2000', first, true],
    ['a millisecond before', first - 1, false],
    ['no time at all', Number.NaN, false],
  ])('%s', (_what, at, plausible) => {
    expect(isPlausibleTime(at, now)).toBe(plausible);
    expect(CLOCK_TOLERANCE_MS).toBe(120_000);
  });
});
