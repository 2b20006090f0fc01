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
    time.follow()(undefined);
    expect(time.now()).toBeNull();
  });

  it('goes on with the clock that never jumps, whatever the wall’s says', () => {
    const clock = new ManualClock(AT - 8 * DAY_MS);
    const time = createServerTime(clock);
    time.follow()(DATE);
    clock.advance(60_000);
    clock.set(8 * DAY_MS);
    expect(Math.abs((time.now() ?? 0) - (AT + 60_000))).toBeLessThanOrEqual(500);
  });

  it('begins anew with another line, and a late answer of the one before says nothing', () => {
    const time = createServerTime(new ManualClock());
    const before = time.follow();
    before(DATE);
    const after = time.follow();
    expect(time.now()).toBeNull();
    before(DATE);
    expect(time.now()).toBeNull();
    after(DATE);
    expect(time.now()).not.toBeNull();
  });
});
