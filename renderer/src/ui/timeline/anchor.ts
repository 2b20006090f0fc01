/**
 * Chooses the anchor: the row, by key, that must not move while the list changes. Pure functions over rows and offsets.
 */

/** What a timeline knows about a row before it is rendered. */
export interface TimelineItem {
  /** The row's identity, constant for its lifetime. */
  readonly key: string;
  /** Estimated height in pixels, until it is measured. */
  readonly estimate: number;
  /** False for transient rows (loaders): they are never the anchor. */
  readonly anchor?: boolean;
}

/** The geometry needed to choose. */
export interface AnchorRows {
  readonly size: number;
  offsetOf(index: number): number;
  indexAt(offset: number): number;
}

/**
 * The anchor for a viewport that shows the offsets `[top, bottom)`: the first allowed row that begins inside, otherwise
 * one that covers the top, otherwise the nearest allowed one. -1 when there is none.
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

/** The nearest allowed row: `from` itself, then before it, then after it. -1 when there is none. */
export function nearestHolder(size: number, mayHold: (index: number) => boolean, from: number): number {
  for (let index = Math.min(from, size - 1); index >= 0; index--) if (mayHold(index)) return index;
  for (let index = Math.max(from, 0) + 1; index < size; index++) if (mayHold(index)) return index;
  return -1;
}

/**
 * The successor of an anchor that was removed: of the old keys the nearest one after it that remains, otherwise the
 * nearest one before. Null when nothing of the old list remains.
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
