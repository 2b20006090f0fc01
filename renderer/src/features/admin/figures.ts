/** The figures of the console, from a series of the server's and its totals. Pure. */
import type { Statistics, StatisticsSeries } from '#contract/api/admin.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const PERIODS = ['day', 'week', 'month', 'year'] as const;
export type Period = (typeof PERIODS)[number];

/** Steps of each period: how many, and how long in hours. */
const STEPS: Record<Period, { count: number; hours: number }> = {
  day: { count: 24, hours: 1 },
  week: { count: 7, hours: 24 },
  month: { count: 30, hours: 24 },
  year: { count: 53, hours: 168 },
};

export const FIGURES = ['messages', 'users', 'calls', 'storage', 'online'] as const;
export type Figure = (typeof FIGURES)[number];

/** What is asked for: the period, and as much again before it. */
export interface Span {
  from: number;
  to: number;
  stepHours: number;
  /** Steps of the period itself. */
  count: number;
}

/** The begin of the next hour, or of the next day in local time. */
function endOf(now: number, stepHours: number): number {
  if (stepHours < 24) return Math.ceil((now + 1) / HOUR_MS) * HOUR_MS;
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
}

/** The steps that end with the running hour or day. */
export function spanOf(period: Period, now: number): Span {
  const { count, hours } = STEPS[period];
  const to = endOf(now, hours);
  return { from: Math.max(0, to - 2 * count * hours * HOUR_MS), to, stepHours: hours, count };
}

/** One figure: its number, its line, and the line of the time before where the two can be compared. */
export interface FigureLine {
  /** Of the whole time, or now. */
  number: number;
  /** How much more it is than before: in the figure's own unit. */
  change: number;
  /** The change as a part of what was before; null when there was nothing. */
  part: number | null;
  values: (number | null)[];
  before: (number | null)[] | null;
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

function counted(values: readonly number[], count: number): FigureLine {
  const [before, now] = [values.slice(0, -count), values.slice(-count)];
  const [was, is] = [sum(before), sum(now)];
  return { number: is, change: is - was, part: was === 0 ? null : (is - was) / was, values: now, before };
}

/** A total that grew by these steps to what it is now. */
function grown(values: readonly number[], count: number, total: number): FigureLine {
  const now = values.slice(-count);
  let after = total;
  const line = now.toReversed().map((step) => {
    const value = after;
    after -= step;
    return Math.max(0, value);
  });
  const change = sum(now);
  const was = total - change;
  return { number: total, change, part: was <= 0 ? null : change / was, values: line.toReversed(), before: null };
}

function sampled(values: readonly (number | null)[], count: number, present: number): FigureLine {
  const now = values.slice(-count);
  const most = Math.max(present, ...now.map((value) => value ?? 0));
  return { number: present, change: most, part: null, values: now, before: null };
}

/** Of `online`, the change is the most of the whole time. */
export function lineOf(figure: Figure, statistics: Statistics, series: StatisticsSeries, count: number): FigureLine {
  switch (figure) {
    case 'messages':
      return counted(series.messages, count);
    case 'calls':
      return counted(series.calls, count);
    case 'users':
      return grown(series.users, count, statistics.users);
    case 'storage':
      return grown(series.fileBytes, count, statistics.storageBytes);
    case 'online':
      return sampled(series.online, count, statistics.online);
  }
}

/** When each step of the period begins. */
export function momentsOf({ from, stepHours, messages }: StatisticsSeries, count: number): number[] {
  const first = Math.max(0, messages.length - count);
  return messages.slice(first).map((_, n) => from + (first + n) * stepHours * HOUR_MS);
}

/** Columns of the heat map: two hours each. */
export const HEAT_COLUMNS = 12;
export const HEAT_WEEKS = 4;

/** Messages by local weekday (Monday first) and by two hours of the day, from hourly numbers. */
export function heatOf({ from, messages }: Pick<StatisticsSeries, 'from' | 'messages'>): number[][] {
  const rows = Array.from({ length: 7 }, () => Array.from({ length: HEAT_COLUMNS }, () => 0));
  for (const [n, value] of messages.entries()) {
    const at = new Date(from + n * HOUR_MS);
    const row = rows[(at.getDay() + 6) % 7];
    const column = Math.floor(at.getHours() / 2);
    if (row) row[column] = (row[column] ?? 0) + value;
  }
  return rows;
}

/** The weekday and the hour at which the most was written; null when nothing was. */
export function busiestOf(heat: readonly (readonly number[])[]): { weekday: number; hour: number } | null {
  let best: { weekday: number; hour: number } | null = null;
  let most = 0;
  for (const [weekday, row] of heat.entries()) {
    for (const [column, value] of row.entries()) {
      if (value <= most) continue;
      most = value;
      best = { weekday, hour: column * 2 };
    }
  }
  return best;
}

/** The whole days before now that the heat map is made of. */
export function heatSpan(now: number): { from: number; to: number; stepHours: number } {
  const to = endOf(now, 1);
  return { from: to - HEAT_WEEKS * 7 * DAY_MS, to, stepHours: 1 };
}
