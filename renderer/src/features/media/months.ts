/** Groups shared files by month. Pure. */

export interface Month<T> {
  /** The start of the month in local time, in milliseconds. */
  at: number;
  items: T[];
}

/** The start of the local month of a time. */
export function monthOf(time: number): number {
  const at = new Date(time);
  return new Date(at.getFullYear(), at.getMonth(), 1).getTime();
}

/** Groups neighbours of the same month; the order is kept. */
export function byMonth<T extends { at: number }>(items: readonly T[]): Month<T>[] {
  const months: Month<T>[] = [];
  for (const item of items) {
    const at = monthOf(item.at);
    const last = months.at(-1);
    if (last?.at === at) last.items.push(item);
    else months.push({ at, items: [item] });
  }
  return months;
}
