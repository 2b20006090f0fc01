/** The formatters of format.ts bound to the page's language; templates update when it changes. */
import * as format from './format.ts';
import { formatTag } from './index.ts';

/**
 * Formatters in the page's language. `now`: milliseconds since the epoch; pass a reactive value where the day matters.
 */
export function useFormat() {
  const tag = () => formatTag.value;
  return {
    time: (time: number) => format.formatTime(tag(), time),
    date: (time: number, now: number) => format.formatDate(tag(), time, now),
    month: (time: number, now: number) => format.formatMonth(tag(), time, now),
    dateTime: (time: number) => format.formatDateTime(tag(), time),
    day: (time: number, now: number) => format.formatDay(tag(), time, now),
    listTime: (time: number, now: number) => format.formatListTime(tag(), time, now),
    ago: (time: number, now: number) => format.formatAgo(tag(), time, now),
    number: (value: number) => format.formatNumber(tag(), value),
    percent: (part: number) => format.formatPercent(tag(), part),
    bytes: (bytes: number) => format.formatBytes(tag(), bytes),
    duration: (seconds: number) => format.formatDuration(seconds),
  };
}
