/** The node's figures over time, from the numbers that are kept for every hour. */
import { SERIES_STEPS, type StatisticsSeries } from '#contract/api/admin.ts';
import { invalidField } from '../errors.ts';
import type { HourReads, HourRow } from '../repositories/ports.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

export interface SeriesQuery {
  /** Milliseconds. */
  from?: number | undefined;
  to?: number | undefined;
  /** Hours. */
  step?: number | undefined;
}

/** The numbers of the hours in steps from an hour on. Pure. */
export function inSteps(rows: readonly HourRow[], first: number, stepHours: number, points: number): StatisticsSeries {
  const zeros = (): number[] => Array.from({ length: points }, () => 0);
  const sums = {
    users: zeros(),
    messages: zeros(),
    reactions: zeros(),
    files: zeros(),
    fileBytes: zeros(),
    calls: zeros(),
  };
  const online = Array.from({ length: points }, (): number | null => null);
  for (const { name, hour, value } of rows) {
    const at = Math.floor((hour - first) / stepHours);
    if (at < 0 || at >= points || name === 'chats') continue;
    if (name === 'online') online[at] = Math.max(online[at] ?? 0, value);
    else sums[name][at] = Math.max(0, (sums[name][at] ?? 0) + value);
  }
  return { from: first * HOUR_MS, stepHours, ...sums, online };
}

/**
 * @returns undefined when no series is asked for.
 * @throws RelayError `validation` when it would have no points, or too many.
 */
export async function readSeries(
  hours: HourReads,
  { from, to, step = DAY_HOURS }: SeriesQuery,
  now: number,
): Promise<StatisticsSeries | undefined> {
  if (from === undefined) return undefined;
  const first = Math.floor(from / HOUR_MS);
  const end = Math.ceil((to ?? now) / HOUR_MS);
  const points = Math.ceil((end - first) / step);
  if (points <= 0) throw invalidField('to', 'invalid', 'The end is before the beginning.');
  if (points > SERIES_STEPS.mostPoints) throw invalidField('step', 'invalid', 'That is too many points.');
  return inSteps(await hours.between(first, first + points * step), first, step, points);
}
