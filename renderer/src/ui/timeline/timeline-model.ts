/**
 * The geometry of a timeline, independent of the browser: which rows to render, where, and what the scroll position
 * must be so that what the reader is looking at does not move.
 *
 * There are two coordinate systems. List coordinates start at the first row; content coordinates are those of
 * `scrollTop`. `shift` is the difference. A change above the reader (a page of older rows, an image whose size becomes
 * known) changes `shift` instead of `scrollTop`: nothing is written to the scroll position while a wheel, a finger or
 * the scrollbar controls it, and the subpixel part that a scroll position cannot represent stays in `shift`. When the
 * reader rests, or comes near the start, `shift` is reset in one write. The same at the end: arriving rows move the
 * list within a content of constant height, until none has arrived for a while.
 *
 * States. `end`: stuck to the newest row; whatever changes, the last row stays at the bottom edge. `held`: the reader
 * is elsewhere; the row `key` keeps its content coordinate `y`. `placing`: a jump to a row, which keeps its place in
 * the viewport while the rows around it are measured. Scrolling by the reader leads to `end` or `held`; a painted frame
 * ends `placing`, and lets `held` choose its anchor again.
 */
import { chooseAnchor, nearestHolder, survivor, type TimelineItem } from './anchor.ts';
import { HeightIndex } from './height-index.ts';
import { KeyIndex } from './key-index.ts';

/** The position of a timeline: stuck to its end, or a row at an offset in the viewport (pixels below its top). */
export type TimelinePlace = { at: 'end' } | { at: 'row'; key: string; offset: number } | { at: 'center'; key: string };

type Mode =
  { kind: 'end' } | { kind: 'held'; key: string; y: number } | { kind: 'placing'; key: string; to: TimelinePlace };

/** The required state of the page: `scrollTop` is null when it must not be written. */
export interface TimelinePlan {
  contentHeight: number;
  shift: number;
  scrollTop: number | null;
}

/** Rows `[start, end)`. */
export interface RowRange {
  start: number;
  end: number;
}

/** Maximum pixels between the content's height and the rows' while rows arrive: the scrollbar is off by that much. */
const MOST_OWED = 50_000;

/** Maximum number of rendered rows. */
export const MAX_ROWS = 320;

export class TimelineModel {
  readonly #heights = new HeightIndex();
  readonly #index = new KeyIndex();
  readonly #measured = new Map<string, number>();
  /** Content coordinates of the rows in view in the last painted frame. */
  readonly #seen = new Map<string, number>();
  #items: readonly TimelineItem[] = [];
  #mode: Mode = { kind: 'end' };
  #sticky = true;
  #viewport = 0;
  #scrollTop = 0;
  #shift = 0;
  #contentHeight = 0;

  get size(): number {
    return this.#items.length;
  }

  /** Content coordinate of the start of the list. */
  get shift(): number {
    return this.#shift;
  }

  get scrollTop(): number {
    return this.#scrollTop;
  }

  /** True while the newest row is kept at the bottom edge. */
  get atEnd(): boolean {
    return this.#mode.kind === 'end';
  }

  /** True while a plan at rest would reset what earlier ones left in `shift`. */
  get owes(): boolean {
    return this.#heights.total > this.#viewport && Math.abs(this.#shift) >= 1;
  }

  /** Height of the viewport in pixels. */
  get viewport(): number {
    return this.#viewport;
  }

  /** Pixels of the list above the viewport; negative if a short list leaves room. */
  get above(): number {
    return this.#scrollTop - this.#shift;
  }

  /** Pixels of the list below the viewport. */
  get below(): number {
    return this.#shift + this.#heights.total - this.#scrollTop - this.#viewport;
  }

  indexOf(key: string): number {
    return this.#index.indexOf(key);
  }

  /** Content coordinate of the top of row `index`. */
  topOf(index: number): number {
    return this.#shift + this.#heights.offsetOf(index);
  }

  heightOf(index: number): number {
    return this.#heights.heightOf(index);
  }

  /** The anchor and its offset in the viewport. */
  place(): TimelinePlace {
    if (this.#mode.kind === 'end') return { at: 'end' };
    const index = this.#index.indexOf(this.#mode.key);
    return { at: 'row', key: this.#mode.key, offset: this.topOf(index) - this.#scrollTop };
  }

  /**
   * Sets the rows. `sticky`: the last row is the newest of all, so a reader at the end stays there.
   * @returns false when the geometry has not changed: the same rows in the same order.
   */
  setItems(items: readonly TimelineItem[], sticky: boolean): boolean {
    const wasSticky = this.#sticky;
    if (!sticky && this.#mode.kind === 'end') this.#hold();
    this.#sticky = sticky;
    const keys = items.map((item) => item.key);
    const old = this.#index.keys;
    const splice = this.#index.replace(keys);
    this.#items = items;
    if (!splice) {
      if (sticky && !wasSticky) this.#stickIfThere();
      return sticky !== wasSticky;
    }
    const mode = this.#mode;
    if (mode.kind === 'held' && this.#index.indexOf(mode.key) < 0) {
      const from = old.indexOf(mode.key);
      const remains = (key: string): boolean => this.#mayHold(this.#index.indexOf(key));
      // Rows the reader has seen take precedence over later ones, and keep the place where they were seen.
      const next = survivor(old, from, (key) => remains(key) && this.#seen.has(key)) ?? survivor(old, from, remains);
      this.#mode = next
        ? { kind: 'held', key: next.key, y: this.#seen.get(next.key) ?? this.topOf(next.index) }
        : { kind: 'end' };
    }
    const { start, removed, inserted } = splice;
    const fresh = items.slice(start, start + inserted).map((item) => this.#measured.get(item.key) ?? item.estimate);
    this.#heights.splice(start, removed, fresh);
    for (const key of old.slice(start, start + removed)) if (this.#index.indexOf(key) < 0) this.#measured.delete(key);
    if (sticky && !wasSticky && inserted === 0) this.#stickIfThere();
    return true;
  }

  /** The last row has turned out to be the newest of all: a reader at the bottom of the list is at its end. */
  #stickIfThere(): void {
    if (this.#mode.kind === 'held' && this.#viewport > 0 && this.below < 1) this.#mode = { kind: 'end' };
  }

  /** Sets a measured height; true when it differs from the height used so far. */
  measure(key: string, height: number): boolean {
    const index = this.#index.indexOf(key);
    if (index < 0) return false;
    this.#measured.set(key, height);
    return this.#heights.set(index, height) !== 0;
  }

  setViewport(height: number): void {
    this.#viewport = height;
  }

  /** Updates the scroll position without drawing conclusions about the reader. */
  syncScroll(top: number): void {
    this.#scrollTop = top;
  }

  /** The reader scrolled (or the browser did it for them): from here on the rows now in view are kept in place. */
  scrolledTo(top: number): void {
    this.#scrollTop = top;
    if (this.#sticky && top + this.#viewport >= this.#contentHeight - 1) this.#mode = { kind: 'end' };
    else this.#hold();
  }

  /** The reader is about to scroll up: stop sticking to the end before the first pixel moves. */
  release(): void {
    if (this.#heights.total > this.#viewport) this.#hold();
  }

  /**
   * The current state has been painted: from here on the first row in view is the anchor, whichever was before. This
   * also completes a jump; one that led to the end stays there, as if the reader had scrolled to it.
   */
  painted(): void {
    if (this.#mode.kind === 'end' || this.#viewport === 0) return;
    if (this.#mode.kind === 'placing' && this.#sticky && this.below < 1) this.#mode = { kind: 'end' };
    else this.#hold();
  }

  /** Goes to a place; returns false and changes nothing when the row is not in the list. */
  goTo(to: TimelinePlace): boolean {
    if (to.at === 'end') {
      // If newer rows are yet to load, the last one is a row like any other: as far up as the list's end lets it.
      const last = this.#index.keys.at(-1);
      const place: TimelinePlace = { at: 'row', key: last ?? '', offset: 0 };
      this.#mode = this.#sticky || last === undefined ? { kind: 'end' } : { kind: 'placing', key: last, to: place };
      return true;
    }
    if (this.#index.indexOf(to.key) < 0) return false;
    this.#mode = { kind: 'placing', key: to.key, to };
    return true;
  }

  /** Rows to render: those in view and `over` pixels on both sides, at most MAX_ROWS. */
  range(over: number): RowRange {
    if (this.size === 0 || this.#viewport === 0) return { start: 0, end: 0 };
    const start = this.#heights.indexAt(Math.max(0, this.above - over));
    const end = this.#heights.indexAt(Math.max(0, this.above) + this.#viewport + over) + 1;
    if (end - start <= MAX_ROWS) return { start, end };
    const middle = this.#heights.indexAt(Math.max(0, this.above) + this.#viewport / 2);
    const from = Math.max(start, middle - MAX_ROWS / 2);
    return { start: from, end: Math.min(end, from + MAX_ROWS) };
  }

  /** Rows with at least one pixel in view. */
  visible(): RowRange {
    if (this.size === 0 || this.#viewport === 0) return { start: 0, end: 0 };
    const start = this.#heights.indexAt(Math.max(0, this.above));
    const bottom = this.above + this.#viewport;
    let end = this.#heights.indexAt(Math.max(0, bottom)) + 1;
    if (end > start + 1 && this.#heights.offsetOf(end - 1) >= bottom) end--;
    return { start, end };
  }

  /** The last row whose end is in view, or that fills half of the view; -1 when there is none. */
  seen(): number {
    const { start, end } = this.visible();
    const bottom = this.above + this.#viewport;
    for (let index = end - 1; index >= start; index--) {
      const top = this.#heights.offsetOf(index);
      const shown = bottom - Math.max(top, this.above);
      if (top + this.#heights.heightOf(index) <= bottom + 2 || shown >= this.#viewport / 2) return index;
    }
    return -1;
  }

  /**
   * Computes all positions. `resting`: no wheel, finger or scrollbar is active, so `shift` may be reset. `dragging`:
   * the scrollbar is being dragged, and a change of the content's height would move it away from the pointer.
   */
  plan(resting: boolean, dragging = false): TimelinePlan {
    const total = this.#heights.total;
    if (total <= this.#viewport) return this.#planShort(total);
    const mode = this.#mode;
    if (mode.kind === 'end') return this.#planEnd(total, resting);
    const index = this.#index.indexOf(mode.key);
    if (index < 0) return this.#planLost(total);
    return mode.kind === 'placing'
      ? this.#planPlacing(mode.to, index, total)
      : this.#planHeld(mode, index, total, resting, dragging);
  }

  /** Sets the scroll position after a plan was applied; what the browser rounded goes into `shift`. */
  settled(planned: TimelinePlan, actual: number): void {
    const wanted = planned.scrollTop ?? this.#scrollTop;
    this.#scrollTop = actual;
    if (planned.scrollTop === null || this.#mode.kind === 'end') return;
    const error = actual - wanted;
    this.#shift += error;
    if (this.#mode.kind === 'held') this.#mode.y += error;
    this.#rebase(error);
  }

  #planShort(total: number): TimelinePlan {
    // A short list is aligned to the bottom, next to the composer.
    this.#contentHeight = this.#viewport;
    this.#shift = this.#viewport - total;
    if (this.#mode.kind === 'held') this.#mode = { kind: 'end' };
    return this.#result(this.#scrollTop === 0 ? null : 0);
  }

  /**
   * While rows arrive, the content's height and the scroll position stay the same and the rows move up within it.
   * Writing a scroll position forces a synchronous layout, which in a flood would happen for every row.
   */
  #planEnd(total: number, resting = true): TimelinePlan {
    const isThere = Math.abs(this.#contentHeight - this.#viewport - this.#scrollTop) < 1;
    const hasRoom = this.#scrollTop >= this.#viewport;
    if (!resting && isThere && hasRoom && Math.abs(total - this.#contentHeight) < MOST_OWED) {
      this.#shift = this.#contentHeight - total;
      return this.#result(null);
    }
    this.#contentHeight = Math.ceil(total);
    this.#shift = this.#contentHeight - total;
    const wanted = this.#contentHeight - this.#viewport;
    return this.#result(Math.abs(wanted - this.#scrollTop) < 0.01 ? null : wanted);
  }

  /** The target row of a jump is gone: keep what is in view in place. */
  #planLost(total: number): TimelinePlan {
    this.#hold();
    if (this.#mode.kind === 'end') return this.#planEnd(total);
    this.#contentHeight = Math.ceil(this.#shift + total);
    return this.#result(null);
  }

  #planPlacing(to: TimelinePlace, index: number, total: number): TimelinePlan {
    const height = this.#heights.heightOf(index);
    // A row taller than the viewport is shown from its top.
    const offset = to.at === 'row' ? to.offset : Math.max(0, (this.#viewport - height) / 2);
    const above = Math.min(Math.max(this.#heights.offsetOf(index) - offset, 0), total - this.#viewport);
    const wanted = Math.round(above);
    this.#shift = wanted - above;
    this.#contentHeight = Math.max(Math.ceil(this.#shift + total), wanted + this.#viewport);
    return this.#result(Math.abs(wanted - this.#scrollTop) < 0.01 ? null : wanted);
  }

  #planHeld(
    mode: { key: string; y: number },
    index: number,
    total: number,
    resting: boolean,
    dragging: boolean,
  ): TimelinePlan {
    const before = this.#heights.offsetOf(index);
    // Dragging to the very top means the first row, however wrong the height estimates were.
    const home = dragging && this.#scrollTop < 1;
    this.#shift = home ? 0 : mode.y - before;
    const above = this.above;
    const bounded = Math.min(Math.max(above, 0), total - this.#viewport);
    // So much was removed that keeping the row in place would leave an empty area: the list's edge takes precedence.
    const bare = Math.abs(above - bounded) > 1;
    if (bare && above > bounded && this.#sticky) {
      this.#mode = { kind: 'end' };
      return this.#planEnd(total);
    }
    const blocked =
      !dragging && this.#shift < -1 && this.#scrollTop < (this.#shift < -this.#viewport ? this.#viewport / 2 : 32);
    if (home) this.#mode = { kind: 'held', key: mode.key, y: before };
    if (!bare && !blocked && !(resting && Math.abs(this.#shift) >= 1)) {
      if (!dragging) this.#contentHeight = Math.ceil(this.#shift + total);
      return this.#result(null);
    }
    const wanted = Math.round(bounded);
    this.#shift = wanted - bounded;
    this.#rebase(this.#shift + before - mode.y);
    this.#mode = { kind: 'held', key: mode.key, y: this.#shift + before };
    this.#contentHeight = Math.max(Math.ceil(this.#shift + total), wanted + this.#viewport);
    return this.#result(wanted);
  }

  #result(scrollTop: number | null): TimelinePlan {
    return { contentHeight: this.#contentHeight, shift: this.#shift, scrollTop };
  }

  #mayHold(index: number): boolean {
    const item = this.#items[index];
    return item !== undefined && item.anchor !== false;
  }

  /** Content coordinates have moved. */
  #rebase(by: number): void {
    for (const [key, y] of this.#seen) this.#seen.set(key, y + by);
  }

  /** Makes the first row in view the anchor, and records the positions of all rows in view. */
  #hold(): void {
    this.#seen.clear();
    const { start, end } = this.visible();
    for (let at = start; at < end; at++) this.#seen.set(this.#index.keys[at] ?? '', this.topOf(at));
    const rows = this.#heights;
    const mayHold = (index: number): boolean => this.#mayHold(index);
    const chosen = chooseAnchor(rows, mayHold, this.above, this.above + this.#viewport);
    const index = chosen >= 0 ? chosen : nearestHolder(this.size, () => true, 0);
    const key = this.#index.keys[index];
    this.#mode = key === undefined ? { kind: 'end' } : { kind: 'held', key, y: this.topOf(index) };
  }
}
