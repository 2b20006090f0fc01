import { describe, expect, it } from 'vitest';
import { httpDate } from '../../../../electron/main/lib/http-date.ts';
import { createServerTime } from '../../../../electron/main/services/time/server-time.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';

const AT = Date.UTC(2026, 5, 1, 12);
const DATE = new Date(AT).toUTCString();
const DAY_MS = 24 * 3_600_000;

describe('the date of a header', () => {
  it.each([
    [DATE, AT],
    ['Mon, 01 Jun 2026 12:00:00 +0000', null],
    ['2026-06-01T12:00:00Z', null],
    ['Mon, 99 Jun 2026 12:00:00 GMT', null],
    ['', null],
    [undefined, null],
  ])('%j', (text, expected) => {
    expect(httpDate(text)).toBe(expected);
  });
});

describe('the time at the server', () => {
  it('is not known before it has told', () => {
    const time = createServerTime(new ManualClock());
    expect(time.now()).toBeNull();
    expect(time.aheadMs()).toBe(0);
    time.hear(undefined);
    time.hear('soon');
    expect(time.now()).toBeNull();
  });

  it('goes on with the monotonic clock, whatever the wall’s says', () => {
    const clock = new ManualClock(AT - 8 * DAY_MS);
    const time = createServerTime(clock);
    time.hear(DATE);
    clock.advance(60_000);
    clock.set(8 * DAY_MS);
    expect(Math.abs((time.now() ?? 0) - (AT + 60_000))).toBeLessThanOrEqual(500);
  });

  it.each([
    ['an hour ahead', AT - 3_600_000, 3_600_000],
    ['an hour behind', AT + 3_600_000, -3_600_000],
    ['in another year', AT - 400 * DAY_MS, DAY_MS],
    ['in a year that has gone', AT + 400 * DAY_MS, -DAY_MS],
  ])('%s is so far ahead of the wall clock, a day at most', (_what, wall, ahead) => {
    const time = createServerTime(new ManualClock(wall));
    time.hear(DATE);
    expect(Math.abs(time.aheadMs() - ahead)).toBeLessThanOrEqual(500);
  });

  it('a wall clock that is put right is no longer behind', () => {
    const clock = new ManualClock(AT - 3_600_000);
    const time = createServerTime(clock);
    time.hear(DATE);
    clock.set(3_600_000);
    expect(Math.abs(time.aheadMs())).toBeLessThanOrEqual(500);
  });
});
