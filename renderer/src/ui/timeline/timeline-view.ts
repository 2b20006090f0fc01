import type { TimelinePlace } from './timeline-model.ts';

/** What a timeline shows: rows `first` to `last` have a pixel in view. */
export interface TimelineView {
  first: number;
  last: number;
  /** The last row that can be said to have been seen: its end is in view, or it fills half of the view. -1 for none. */
  seen: number;
  /** The newest row is held at the bottom edge. */
  atEnd: boolean;
  /** Pixels of the list below the viewport. */
  below: number;
}

/** What a parent can ask of a timeline. */
export interface TimelineHandle {
  /** Goes to a place; false when the row is not in the list. */
  goTo(place: TimelinePlace): boolean;
  /** Where it stands, to come back to. */
  place(): TimelinePlace;
  /** The drawn element of a row, or null. */
  rowElement(key: string): HTMLElement | null;
  focus(): void;
}
