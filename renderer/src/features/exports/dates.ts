/** Days as a date field writes them, in local time. Pure. */

const two = (n: number): string => String(n).padStart(2, '0');

/** `2026-03-04` for a time in milliseconds. */
export function dateInput(time: number): string {
  const day = new Date(time);
  return `${String(day.getFullYear()).padStart(4, '0')}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The beginning of such a day in milliseconds; null when it is none. */
export function dayFrom(text: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return null;
  const [year = 0, month = 0, day = 0] = parts.slice(1).map(Number);
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : null;
}
