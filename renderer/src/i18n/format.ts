/** Dates, times, sizes and numbers in the chosen language. Pure functions of a tag; formatters are cached per tag. */
import { madeOnce } from './made-once.ts';

const DAY_MS = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

function dateFormatter(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = tag + JSON.stringify(options);
  let formatter = formatters.get(key);
  if (!formatter) formatters.set(key, (formatter = new Intl.DateTimeFormat(tag, options)));
  return formatter;
}

const relativeNamer = madeOnce((tag: string) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));

/** Whole calendar days in local time from `time` to `now`: 0 today, 1 yesterday, negative in the future. */
export function daysBetween(time: number, now: number): number {
  const at = new Date(time);
  const today = new Date(now);
  const from = Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
  const to = Date.UTC(today.getFullYear(), today.getMonth(), today.getDate());
  return Math.round((to - from) / DAY_MS);
}

/** "14:05" or "2:05 PM". */
export function formatTime(tag: string, time: number): string {
  return dateFormatter(tag, { timeStyle: 'short' }).format(time);
}

/** "12 March" this year, "12 March 2024" otherwise. */
export function formatDate(tag: string, time: number, now: number): string {
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return dateFormatter(tag, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }).format(time);
}

/** A month as a heading: "March" this year, "March 2024" otherwise; capitalised. */
export function formatMonth(tag: string, time: number, now: number): string {
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  const text = dateFormatter(tag, sameYear ? { month: 'long' } : { month: 'long', year: 'numeric' }).format(time);
  return text.charAt(0).toLocaleUpperCase(tag) + text.slice(1);
}

/** Date and time in full: "12 March 2026 at 14:05". */
export function formatDateTime(tag: string, time: number): string {
  return dateFormatter(tag, { dateStyle: 'long', timeStyle: 'short' }).format(time);
}

/** "Today" or "Yesterday" in the given language, capitalised; otherwise null. */
export function nearDayName(tag: string, time: number, now: number): string | null {
  const days = daysBetween(time, now);
  if (days !== 0 && days !== 1) return null;
  const name = relativeNamer(tag).format(-days, 'day');
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

/** A day as a heading: "Today", "Yesterday", "Monday, 12 March", with the year if it is a different one. */
export function formatDay(tag: string, time: number, now: number): string {
  const near = nearDayName(tag, time, now);
  if (near !== null) return near;
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  const text = dateFormatter(tag, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(time);
  return text.charAt(0).toLocaleUpperCase(tag) + text.slice(1);
}

/** The shortest form for lists: the time today, the weekday this week, otherwise the date. */
export function formatListTime(tag: string, time: number, now: number): string {
  const days = daysBetween(time, now);
  if (days <= 0) return formatTime(tag, time);
  if (days < 7) return dateFormatter(tag, { weekday: 'short' }).format(time);
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return sameYear
    ? dateFormatter(tag, { day: 'numeric', month: 'short' }).format(time)
    : dateFormatter(tag, { day: '2-digit', month: '2-digit', year: '2-digit' }).format(time);
}

/** "3 minutes ago", "2 hours ago", "yesterday": for the past, at least one minute. */
export function formatAgo(tag: string, time: number, now: number): string {
  const relative = relativeNamer(tag);
  const minutes = Math.max(1, Math.floor((now - time) / 60_000));
  if (minutes < 60) return relative.format(-minutes, 'minute');
  const days = daysBetween(time, now);
  if (days === 0 || minutes < 360) return relative.format(-Math.floor(minutes / 60), 'hour');
  return relative.format(-days, 'day');
}

/** "1,024". */
export function formatNumber(tag: string, value: number): string {
  return new Intl.NumberFormat(tag).format(value);
}

/** A part as a percentage: "53%". */
export function formatPercent(tag: string, part: number): string {
  return new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 }).format(part);
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A file size in steps of 1,000: "3.4 MB". */
export function formatBytes(tag: string, bytes: number): string {
  let value = Math.max(0, bytes);
  let step = 0;
  while (value >= 999.5 && step < UNITS.length - 1) {
    value /= 1000;
    step += 1;
  }
  const unit = UNITS[step] ?? 'byte';
  return new Intl.NumberFormat(tag, {
    style: 'unit',
    unit,
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step > 0 && value < 10 ? 1 : 0,
  }).format(value);
}

/** "0:07", "3:45", "1:02:03": a duration in seconds, the same in every language. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${String(minutes)}:${two(whole % 60)}`;
  return `${String(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(whole % 60)}`;
}
