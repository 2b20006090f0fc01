/** Times in which nothing disturbs: hours of a day, and a pause with an end. Pure; times are the user's local ones. */

/** Minutes of a day. */
export const DAY_MINUTES = 24 * 60;
const HOUR_MS = 3_600_000;
/** The hour at which "until tomorrow" ends. */
const MORNING_HOUR = 8;

export interface QuietHours {
  on: boolean;
  /** Minutes since midnight. Up to `to`, which may lie on the next day; equal: a whole day. */
  from: number;
  to: number;
  /** The days on which it begins: 0 is Sunday. */
  days: readonly number[];
}

/** True if `at`, a local time, lies in the quiet hours. */
export function isQuietHour({ on, from, to, days }: QuietHours, at: Date): boolean {
  if (!on) return false;
  const minute = at.getHours() * 60 + at.getMinutes();
  const today = at.getDay();
  const yesterday = (today + 6) % 7;
  if (from < to) return days.includes(today) && minute >= from && minute < to;
  return (days.includes(today) && minute >= from) || (days.includes(yesterday) && minute < to);
}

/** How long a pause may be. */
export const PAUSES = ['half', 'hour', 'tomorrow'] as const;
export type Pause = (typeof PAUSES)[number];

/** When a pause that begins now ends, in milliseconds since the epoch. */
export function pauseEnd(pause: Pause, now: number): number {
  if (pause === 'half') return now + HOUR_MS / 2;
  if (pause === 'hour') return now + HOUR_MS;
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, MORNING_HOUR).getTime();
}
