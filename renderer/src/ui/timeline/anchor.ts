/**
 * What keeps a list still: the row that must not move, chosen by key. Pure functions over rows and offsets.
 */

/** What a timeline knows of a row before it is drawn. */
export interface TimelineItem {
  /** The row's name, the same for all of its life. */
  readonly key: string;
  /** Expected height in pixels, until it is measured. */
  readonly estimate: number;
  /** False for rows that come and go by themselves (loaders): they never hold the list. */
  readonly anchor?: boolean;
}

/** The geometry that a choice needs. */
export interface AnchorRows {
  readonly size: number;
  offsetOf(index: number): number;
  indexAt(offset: number): number;
}

/**
 * The row to hold for a viewport that shows the offsets `[top, bottom)`: the first that begins inside and may hold,
 * else one that covers the top, else the nearest that may. -1 when none may.
 */
export function chooseAnchor(
  rows: AnchorRows,
  mayHold: (index: number) => boolean,
  top: number,
  bottom: number,
): number {
  if (rows.size === 0) return -1;
  const covering = rows.indexAt(top);
  const first = rows.offsetOf(covering) >= top ? covering : covering + 1;
  for (let index = first; index < rows.size && rows.offsetOf(index) < bottom; index++) {
    if (mayHold(index)) return index;
  }
  return nearestHolder(rows.size, mayHold, covering);
}

/** The nearest row that may hold, looking at `from`, then before it, then after it. -1 when none may. */
export function nearestHolder(size: number, mayHold: (index: number) => boolean, from: number): number {
  for (let index = Math.min(from, size - 1); index >= 0; index--) if (mayHold(index)) return index;
  for (let index = Math.max(from, 0) + 1; index < size; index++) if (mayHold(index)) return index;
  return -1;
}

/**
 * Who holds after the anchor itself was removed: of the old keys the nearest one after it that is still there, else the
 * nearest one before. Null when nothing of the old list is left.
 */
export function survivor(
  keys: readonly string[],
  index: number,
  remains: (key: string, index: number) => boolean,
): { key: string; index: number } | null {
  for (let at = index; at < keys.length; at++) {
    const key = keys[at];
    if (key !== undefined && remains(key, at)) return { key, index: at };
  }
  for (let at = index - 1; at >= 0; at--) {
    const key = keys[at];
    if (key !== undefined && remains(key, at)) return { key, index: at };
  }
  return null;
}
