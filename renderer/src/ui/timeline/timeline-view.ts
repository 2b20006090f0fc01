import type { TimelinePlace } from './timeline-model.ts';

/** What a timeline shows: rows `first` to `last` have a pixel in view. */
export interface TimelineView {
  first: number;
  last: number;
  /** The last row that counts as seen: its end is in view, or it fills half of the view. -1 for none. */
  seen: number;
  /** The newest row is kept at the bottom edge. */
  atEnd: boolean;
  /** Pixels of the list below the viewport. */
  below: number;
}

/** A timeline's API for its parent. */
export interface TimelineHandle {
  /** Goes to a place; false when the row is not in the list. */
  goTo(place: TimelinePlace): boolean;
  /** The current position, to return to later. */
  place(): TimelinePlace;
  /** The rendered element of a row, or null. */
  rowElement(key: string): HTMLElement | null;
  focus(): void;
}
