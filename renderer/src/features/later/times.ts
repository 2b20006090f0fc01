/** Times to put a message off to, in local time. Pure. */
import { MOST_LATER_MS } from '#contract/model/limits.ts';

const EVENING = 20;
const MORNING = 9;
const HOUR_MS = 3_600_000;

/** This evening in milliseconds; null when it is near or over. */
export function thisEvening(now: number): number | null {
  const day = new Date(now);
  const evening = new Date(day.getFullYear(), day.getMonth(), day.getDate(), EVENING).getTime();
  return evening - now > HOUR_MS ? evening : null;
}

/** The next day's morning. */
export function tomorrow(now: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, MORNING).getTime();
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `2026-03-04T09:30`, as a field for date and time writes it. */
export function timeInput(time: number): string {
  const at = new Date(time);
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The time of such a text; null when it is none, is over, or is too far. */
export function timeFrom(text: string, now: number): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return null;
  const at = new Date(text).getTime();
  return at > now && at - now <= MOST_LATER_MS ? at : null;
}
