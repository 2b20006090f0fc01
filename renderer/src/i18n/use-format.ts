/** The formatters of format.ts, bound to the language of the page; calls in templates follow a change of it. */
import * as format from './format.ts';
import { formatTag } from './index.ts';

/** Formatters in the page's language. `now` is milliseconds since the epoch: give a reactive one where days matter. */
export function useFormat() {
  const tag = () => formatTag.value;
  return {
    time: (time: number) => format.formatTime(tag(), time),
    date: (time: number, now: number) => format.formatDate(tag(), time, now),
    dateTime: (time: number) => format.formatDateTime(tag(), time),
    day: (time: number, now: number) => format.formatDay(tag(), time, now),
    listTime: (time: number, now: number) => format.formatListTime(tag(), time, now),
    ago: (time: number, now: number) => format.formatAgo(tag(), time, now),
    number: (value: number) => format.formatNumber(tag(), value),
    bytes: (bytes: number) => format.formatBytes(tag(), bytes),
    duration: (seconds: number) => format.formatDuration(seconds),
  };
}
