import { expect, test } from 'vitest';
import { byMonth, monthOf } from '../../../../renderer/src/features/media/months.ts';

const at = (year: number, month: number, day: number, hour = 12): { at: number } => ({
  at: new Date(year, month - 1, day, hour).getTime(),
});

test('neighbours of one month stand together, in local time, in their order', () => {
  const items = [at(2026, 3, 31, 23), at(2026, 3, 1, 0), at(2026, 2, 28, 23), at(2025, 2, 28), at(2025, 2, 1)];
  const months = byMonth(items);
  expect(months.map((month) => month.items)).toEqual([items.slice(0, 2), items.slice(2, 3), items.slice(3)]);
  expect(months.map((month) => month.at)).toEqual([
    new Date(2026, 2, 1).getTime(),
    new Date(2026, 1, 1).getTime(),
    new Date(2025, 1, 1).getTime(),
  ]);
  expect(byMonth([])).toEqual([]);
});

test('a month begins at local midnight', () => {
  expect(monthOf(new Date(2026, 11, 31, 23, 59).getTime())).toBe(new Date(2026, 11, 1).getTime());
});
