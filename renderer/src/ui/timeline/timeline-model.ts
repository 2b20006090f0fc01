/**
 * The geometry of a timeline, without a browser: which rows to draw, where they stand, and what the scroll position
 * must be so that what the reader looks at does not move.
 *
 * Rows stand in two systems of coordinates. The list's own begins with the first row; the content's is what
 * `scrollTop` counts in. `shift` is the difference. A change above the reader (a page of older rows, a picture whose
 * size becomes known) alters `shift` and not `scrollTop`: nothing is written to the scroll position while a wheel, a
 * finger or the scrollbar owns it, and the part of a pixel that a scroll position cannot hold stays in `shift`. When
 * the reader rests, or comes near the beginning, `shift` is paid back in one write. At the end too: rows that arrive
 * move the list inside of a content that keeps its height, until a while has passed without one.
 *
 * States. `end`: stuck to the newest row; whatever changes, the last row stays at the bottom edge. `held`: the reader is
 * elsewhere; the row `key` keeps its content coordinate `y`. `placing`: a jump to a row; it keeps its place in the
 * viewport while the rows around it are measured. A scroll by the reader leads to `end` or `held`; a painted frame ends a
 * `placing`, and lets `held` choose anew what it holds.
 */
import { chooseAnchor, nearestHolder, survivor, type TimelineItem } from './anchor.ts';
import { HeightIndex } from './height-index.ts';
import { KeyIndex } from './key-index.ts';

/** Where a timeline stands: glued to its end, or with a row at a place of the viewport (pixels below its top). */
export type TimelinePlace = { at: 'end' } | { at: 'row'; key: string; offset: number } | { at: 'center'; key: string };

type Mode =
  { kind: 'end' } | { kind: 'held'; key: string; y: number } | { kind: 'placing'; key: string; to: TimelinePlace };

/** What the page has to be: `scrollTop` null where it must not be touched. */
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

/** Pixels by which the content's height may differ from the rows' while rows arrive: the scrollbar is wrong by that much. */
const MOST_OWED = 50_000;

/** More rows than this are never in the document. */
export const MAX_ROWS = 320;

export class TimelineModel {
  readonly #heights = new HeightIndex();
  readonly #index = new KeyIndex();
  readonly #measured = new Map<string, number>();
  /** Content coordinates of the rows that were in view in the last painted frame. */
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

  /** Content coordinate of the list's beginning. */
  get shift(): number {
    return this.#shift;
  }

  get scrollTop(): number {
    return this.#scrollTop;
  }

  /** True while the newest row is held at the bottom edge. */
  get atEnd(): boolean {
    return this.#mode.kind === 'end';
  }

  /** True while a plan at rest would set right what an earlier one has left. */
  get owes(): boolean {
    return this.#heights.total > this.#viewport && Math.abs(this.#shift) >= 1;
  }

  /** Height of the part that is seen, in pixels. */
  get viewport(): number {
    return this.#viewport;
  }

  /** Pixels of the list above the viewport; negative where a short list leaves room. */
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

  /** The row that holds the list, and where it stands in the viewport. */
  place(): TimelinePlace {
    if (this.#mode.kind === 'end') return { at: 'end' };
    const index = this.#index.indexOf(this.#mode.key);
    return { at: 'row', key: this.#mode.key, offset: this.topOf(index) - this.#scrollTop };
  }

  /**
   * Takes the rows anew. `sticky`: the last row is the newest there is, so being at the end means staying there.
   * @returns false when nothing about the geometry has changed: the same rows in the same order.
   */
  setItems(items: readonly TimelineItem[], sticky: boolean): boolean {
    const wasSticky = this.#sticky;
    if (!sticky && this.#mode.kind === 'end') this.#hold();
    this.#sticky = sticky;
    const keys = items.map((item) => item.key);
    const old = this.#index.keys;
    const splice = this.#index.replace(keys);
    this.#items = items;
    if (!splice) return sticky !== wasSticky;
    const mode = this.#mode;
    if (mode.kind === 'held' && this.#index.indexOf(mode.key) < 0) {
      const from = old.indexOf(mode.key);
      const remains = (key: string): boolean => this.#mayHold(this.#index.indexOf(key));
      // One that was looked at goes before one that came later, and keeps the place where it was seen.
      const next = survivor(old, from, (key) => remains(key) && this.#seen.has(key)) ?? survivor(old, from, remains);
      this.#mode = next
        ? { kind: 'held', key: next.key, y: this.#seen.get(next.key) ?? this.topOf(next.index) }
        : { kind: 'end' };
    }
    const { start, removed, inserted } = splice;
    const fresh = items.slice(start, start + inserted).map((item) => this.#measured.get(item.key) ?? item.estimate);
    this.#heights.splice(start, removed, fresh);
    for (const key of old.slice(start, start + removed)) if (this.#index.indexOf(key) < 0) this.#measured.delete(key);
    return true;
  }

  /** Takes a measured height; true when it was not what the list counted with. */
  measure(key: string, height: number): boolean {
    const index = this.#index.indexOf(key);
    if (index < 0) return false;
    this.#measured.set(key, height);
    return this.#heights.set(index, height) !== 0;
  }

  setViewport(height: number): void {
    this.#viewport = height;
  }

  /** The scroll position as it is, without a conclusion about what the reader wants. */
  syncScroll(top: number): void {
    this.#scrollTop = top;
  }

  /** The reader scrolled (or the browser, for them): from here on the list holds what is in view now. */
  scrolledTo(top: number): void {
    this.#scrollTop = top;
    if (this.#sticky && top + this.#viewport >= this.#contentHeight - 1) this.#mode = { kind: 'end' };
    else this.#hold();
  }

  /** The reader is about to scroll up: stop sticking to the end before the first pixel has moved. */
  release(): void {
    if (this.#heights.total > this.#viewport) this.#hold();
  }

  /**
   * What is drawn has been painted: from here on the first row in view holds, whichever held before. A jump has then
   * come to its end too.
   */
  painted(): void {
    if (this.#mode.kind !== 'end' && this.#viewport > 0) this.#hold();
  }

  /** Goes to a place; a row that is not here leaves everything as it is and answers false. */
  goTo(to: TimelinePlace): boolean {
    if (to.at === 'end') {
      // Where newer rows are still to come, the last one is a place like any other.
      const last = this.#index.keys.at(-1);
      const place: TimelinePlace = { at: 'row', key: last ?? '', offset: this.#viewport };
      this.#mode = this.#sticky || last === undefined ? { kind: 'end' } : { kind: 'placing', key: last, to: place };
      return true;
    }
    if (this.#index.indexOf(to.key) < 0) return false;
    this.#mode = { kind: 'placing', key: to.key, to };
    return true;
  }

  /** Rows to draw: those in view and `over` pixels on both sides, at most MAX_ROWS. */
  range(over: number): RowRange {
    if (this.size === 0 || this.#viewport === 0) return { start: 0, end: 0 };
    const start = this.#heights.indexAt(Math.max(0, this.above - over));
    const end = this.#heights.indexAt(Math.max(0, this.above) + this.#viewport + over) + 1;
    if (end - start <= MAX_ROWS) return { start, end };
    const middle = this.#heights.indexAt(Math.max(0, this.above) + this.#viewport / 2);
    const from = Math.max(start, middle - MAX_ROWS / 2);
    return { start: from, end: Math.min(end, from + MAX_ROWS) };
  }

  /** Rows of which at least one pixel is in view. */
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
   * Computes where everything stands. `resting`: no wheel, finger or scrollbar is at work, so `shift` may be paid back.
   * `dragging`: the scrollbar is in a hand, and a page that changes its height would pull it out.
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

  /** The scroll position after a plan was carried out; what the browser rounded off goes into `shift`. */
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
    // A short list stands at the bottom, next to where the reader writes.
    this.#contentHeight = this.#viewport;
    this.#shift = this.#viewport - total;
    if (this.#mode.kind === 'held') this.#mode = { kind: 'end' };
    return this.#result(this.#scrollTop === 0 ? null : 0);
  }

  /**
   * While rows arrive, the content keeps its height and the scroll position stays where it is: the rows move up inside of
   * it. Writing a scroll position makes the browser lay the page out at once, and in a flood that would be for each row.
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

  /** The row that a jump went to is gone: hold what is in view. */
  #planLost(total: number): TimelinePlan {
    this.#hold();
    if (this.#mode.kind === 'end') return this.#planEnd(total);
    this.#contentHeight = Math.ceil(this.#shift + total);
    return this.#result(null);
  }

  #planPlacing(to: TimelinePlace, index: number, total: number): TimelinePlan {
    const height = this.#heights.heightOf(index);
    // A row taller than the viewport is shown from its beginning.
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
    // Dragged to the very top, the reader means the first row, however wrong the guesses on the way were.
    const home = dragging && this.#scrollTop < 1;
    this.#shift = home ? 0 : mode.y - before;
    const above = this.above;
    const bounded = Math.min(Math.max(above, 0), total - this.#viewport);
    // So much is gone that the row cannot be held without showing emptiness: the list's own edge wins.
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

  /** The content's coordinates have moved. */
  #rebase(by: number): void {
    for (const [key, y] of this.#seen) this.#seen.set(key, y + by);
  }

  /** Holds the first row in view, and remembers where all of them are. */
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
