import { describe, expect, it } from 'vitest';
import { Throttle, steadyWait } from '../../../../electron/main/services/sync/throttle.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';

describe('a steady wait', () => {
  it.each([
    [1, 0, 250],
    [1, 0.5, 375],
    [2, 0, 500],
    [6, 0, 8_000],
    [7, 0, 15_000],
    [7, 0.5, 22_500],
    [50, 0, 15_000],
  ])('after %d tries, with the dice at %d, is %d ms', (tries, random, ms) => {
    expect(steadyWait(tries, random)).toBe(ms);
  });
});

describe('the pace of what a server can bring about', () => {
  it('is at once the first time, then slower each time it comes, however soon', () => {
    const pace = new Throttle(new ManualClock(0), () => 0);
    expect(Array.from({ length: 9 }, () => pace.next())).toEqual([
      0, 250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
    ]);
  });

  it('takes the dice', () => {
    const pace = new Throttle(new ManualClock(0), () => 0.5);
    expect([pace.next(), pace.next()]).toEqual([0, 375]);
  });

  it('begins anew after a minute of peace, counted from when it was done and not from when it was asked', () => {
    const clock = new ManualClock(1_000_000);
    const pace = new Throttle(clock, () => 0);
    pace.next();
    expect(pace.next()).toBe(250);
    clock.advance(60_000 + 250);
    expect(pace.next()).toBe(500);
    clock.advance(60_000 + 500 + 1);
    expect(pace.next()).toBe(0);
    expect(pace.next()).toBe(250);
  });
});
