/** A month as weeks. Pure; a day is the local time of its start in milliseconds. */

export interface Month {
  year: number;
  /** 0 to 11. */
  month: number;
}

/** The month of a time. */
export function monthOf(time: number): Month {
  const date = new Date(time);
  return { year: date.getFullYear(), month: date.getMonth() };
}

/** `by` months later, or earlier when negative. */
export function moveMonth({ year, month }: Month, by: number): Month {
  return monthOf(new Date(year, month + by, 1).getTime());
}

/** The weeks of a month; null for days of other months. `firstDay`: 1 Monday to 7 Sunday. */
export function weeksOf({ year, month }: Month, firstDay: number): (number | null)[][] {
  const days = new Date(year, month + 1, 0).getDate();
  const lead = (new Date(year, month, 1).getDay() - (firstDay % 7) + 7) % 7;
  const cells: (number | null)[] = Array.from({ length: lead }, () => null);
  for (let day = 1; day <= days; day++) cells.push(new Date(year, month, day).getTime());
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** `by` days later, across daylight saving changes. */
export function moveDay(day: number, by: number): number {
  const date = new Date(day);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + by).getTime();
}

/** The first day of the week in a locale: 1 Monday to 7 Sunday. */
export function firstDayOfWeek(tag: string): number {
  const locale: Intl.Locale & { getWeekInfo?: () => { firstDay: number } } = new Intl.Locale(tag);
  return locale.getWeekInfo?.().firstDay ?? 1;
}
