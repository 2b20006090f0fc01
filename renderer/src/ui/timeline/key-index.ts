/**
 * Maps keys to rows, and computes the difference of two key lists as one splice: the rows between the common prefix and
 * the common suffix.
 */

/** Rows `[start, start + removed)` of the old list became rows `[start, start + inserted)` of the new one. */
export interface KeySplice {
  start: number;
  removed: number;
  inserted: number;
}

/** The smallest single splice that turns one list into the other; null when they are equal. */
export function spliceBetween(from: readonly string[], to: readonly string[]): KeySplice | null {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let end = 0;
  while (end < shorter - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end++;
  if (start === from.length && start === to.length) return null;
  return { start, removed: from.length - start - end, inserted: to.length - start - end };
}

/**
 * The index of each key. A splice updates only the shorter side: indices are relative to a moving base, so that
 * prepending a page to 100,000 rows costs as much as the page.
 */
export class KeyIndex {
  #keys: readonly string[] = [];
  readonly #places = new Map<string, number>();
  #base = 0;

  get keys(): readonly string[] {
    return this.#keys;
  }

  /** The row of a key; -1 when it is unknown. */
  indexOf(key: string): number {
    const place = this.#places.get(key);
    return place === undefined ? -1 : place - this.#base;
  }

  /** Sets a new list; returns what changed. Keys must be unique; of two equal ones the later is found. */
  replace(keys: readonly string[]): KeySplice | null {
    const splice = spliceBetween(this.#keys, keys);
    if (!splice) return null;
    const { start, removed, inserted } = splice;
    for (let index = start; index < start + removed; index++) this.#places.delete(this.#keys[index] ?? '');
    const growth = inserted - removed;
    const tail = keys.length - start - inserted;
    let from = start;
    let to = keys.length;
    if (start < tail) {
      // There are fewer rows before the change: update those, the others keep their indices under a moved base.
      this.#base -= growth;
      from = 0;
      to = start + inserted;
    } else if (growth === 0) to = start + inserted;
    for (let index = from; index < to; index++) this.#places.set(keys[index] ?? '', index + this.#base);
    this.#keys = keys;
    return splice;
  }
}
