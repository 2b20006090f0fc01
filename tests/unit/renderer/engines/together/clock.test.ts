import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  estimate,
  offsetOf,
  withExchange,
  type ClockOffset,
  type Exchange,
} from '../../../../../renderer/src/engines/together/clock-offset.ts';

const exchange = (asked: number, there: number, back: number, offset: number, thinking = 1): Exchange => ({
  asked,
  received: asked + there + offset,
  answered: asked + there + offset + thinking,
  returned: asked + there + thinking + back,
});
const fill = (exchanges: readonly Exchange[]): readonly ClockOffset[] =>
  exchanges.reduce<readonly ClockOffset[]>(withExchange, []);

describe('the offset of the clocks', () => {
  test('a way that is as long in both directions cancels out', () => {
    expect(offsetOf(exchange(1_000, 50, 50, 7_777, 3))).toEqual({ offset: 7_777, roundTrip: 100 });
  });

  test.each<[string, Exchange]>([
    ['answered before it arrived', { asked: 0, received: 10, answered: 5, returned: 20 }],
    ['returned before it was asked', { asked: 30, received: 10, answered: 10, returned: 20 }],
    ['longer there than in all', { asked: 0, received: 0, answered: 50, returned: 20 }],
    ['a minute on its way', { asked: 0, received: 0, answered: 0, returned: 60_000 }],
  ])('says nothing: %s', (_what, one) => {
    expect(offsetOf(one)).toBeNull();
    expect(estimate(fill([one]))).toBeNull();
  });

  test('a queue in one direction does not count', () => {
    const slow = Array.from({ length: 20 }, (_, n) => exchange(n * 100, 400, 20, 500));
    const fast = Array.from({ length: 4 }, (_, n) => exchange(9_000 + n * 100, 20, 20, 500));
    expect(estimate(fill([...slow, ...fast]))).toEqual({ offset: 500, roundTrip: 40 });
  });

  test('a clock that drifts is followed: what is old is forgotten', () => {
    const before = Array.from({ length: 60 }, (_, n) => exchange(n * 2_000, 10, 10, 0));
    const after = Array.from({ length: 60 }, (_, n) => exchange(200_000 + n * 2_000, 15, 15, 80));
    expect(estimate(fill([...before, ...after]))?.offset).toBe(80);
  });

  test('on a link of 50 ± 20 ms each way it is right within 15 ms, after ten exchanges', () => {
    const delay = fc.double({ min: 30, max: 70, noNaN: true });
    const run = fc.array(fc.tuple(delay, delay), { minLength: 10, maxLength: 40 });
    fc.assert(
      fc.property(run, fc.integer({ min: -1e6, max: 1e6 }), (delays, offset) => {
        const found = estimate(fill(delays.map(([there, back], n) => exchange(2e6 + n * 250, there, back, offset))));
        // Never worse than half of the jitter, however unlucky.
        expect(Math.abs((found?.offset ?? Number.NaN) - offset)).toBeLessThanOrEqual(20 + 1e-6);
      }),
    );
    // Without bad luck: a fixed course of delays.
    let state = 7;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const errors = Array.from({ length: 200 }, () => {
      const all = Array.from({ length: 10 }, (_, n) => exchange(n * 250, 30 + random() * 40, 30 + random() * 40, 321));
      return Math.abs((estimate(fill(all))?.offset ?? Number.NaN) - 321);
    }).toSorted((one, other) => one - other);
    expect(errors[100]).toBeLessThan(6);
    expect(errors[190]).toBeLessThan(15);
  });
});
