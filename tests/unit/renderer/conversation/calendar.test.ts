import { describe, expect, it } from 'vitest';
import {
  firstDayOfWeek,
  monthOf,
  moveDay,
  moveMonth,
  weeksOf,
} from '../../../../renderer/src/features/conversation/calendar.ts';

describe('the calendar', () => {
  const day = (week: (number | null)[]): (number | null)[] =>
    week.map((time) => (time === null ? null : new Date(time).getDate()));

  it('lays out March 2026 from Monday and from Sunday', () => {
    const monday = weeksOf({ year: 2026, month: 2 }, 1);
    expect(day(monday[0] ?? [])).toEqual([null, null, null, null, null, null, 1]);
    expect(day(monday.at(-1) ?? [])).toEqual([30, 31, null, null, null, null, null]);
    const sunday = weeksOf({ year: 2026, month: 2 }, 7);
    expect(day(sunday[0] ?? [])).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it.each([2023, 2024, 2026, 2100])('holds every day of every month of %d once', (year) => {
    for (let month = 0; month < 12; month++) {
      const days = weeksOf({ year, month }, 1)
        .flat()
        .filter((time) => time !== null);
      expect(days).toHaveLength(new Date(year, month + 1, 0).getDate());
      expect(new Set(days).size).toBe(days.length);
    }
  });

  it('moves over years and over changes of summer time', () => {
    expect(moveMonth({ year: 2026, month: 0 }, -1)).toEqual({ year: 2025, month: 11 });
    expect(moveMonth({ year: 2026, month: 11 }, 1)).toEqual({ year: 2027, month: 0 });
    let at = new Date(2026, 0, 1).getTime();
    for (let step = 0; step < 365; step++) at = moveDay(at, 1);
    expect(at).toBe(new Date(2027, 0, 1).getTime());
    expect(monthOf(at)).toEqual({ year: 2027, month: 0 });
  });

  it('knows where a week begins', () => {
    expect([firstDayOfWeek('ru'), firstDayOfWeek('en-US')]).toEqual([1, 7]);
  });
});
