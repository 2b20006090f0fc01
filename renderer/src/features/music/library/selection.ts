/** Which rows of a list are selected, by their ids: the list may change below them. Pure. */

export interface TrackSelection {
  readonly ids: ReadonlySet<string>;
  /** The place from which Shift selects; null before the first choice. */
  readonly anchor: number | null;
}

export const NOTHING: TrackSelection = { ids: new Set(), anchor: null };

/** This row alone. */
export function only(id: string, index: number): TrackSelection {
  return { ids: new Set([id]), anchor: index };
}

/** Adds a row, or takes it out. */
export function toggled(before: TrackSelection, id: string, index: number): TrackSelection {
  const ids = new Set(before.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: index };
}

/** From the anchor to a place, both included. */
export function stretch(before: TrackSelection, index: number): { start: number; end: number } {
  const anchor = before.anchor ?? index;
  return { start: Math.min(anchor, index), end: Math.max(anchor, index) + 1 };
}

/** These rows instead; the anchor stays. */
export function extended(before: TrackSelection, ids: readonly string[], index: number): TrackSelection {
  return { ids: new Set(ids), anchor: before.anchor ?? index };
}
