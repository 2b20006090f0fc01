/**
 * Which row a key is, and what changed between two lists of keys. A change is told as one splice: the rows between the
 * common beginning and the common end.
 */

/** Rows `[start, start + removed)` of the old list became rows `[start, start + inserted)` of the new one. */
export interface KeySplice {
  start: number;
  removed: number;
  inserted: number;
}

/** The smallest single splice that leads from one list to the other; null when they are the same. */
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
 * The place of each key. A splice rewrites the shorter side only: places are kept relative to a base that moves, so
 * that a page put before 100,000 rows costs as much as the page.
 */
export class KeyIndex {
  #keys: readonly string[] = [];
  readonly #places = new Map<string, number>();
  #base = 0;

  get keys(): readonly string[] {
    return this.#keys;
  }

  /** The row of a key; -1 when there is none. */
  indexOf(key: string): number {
    const place = this.#places.get(key);
    return place === undefined ? -1 : place - this.#base;
  }

  /** Takes a new list; answers what changed. Keys are unique; of two equal ones the later is found. */
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
      // The rows before the change are fewer: they move, the rest keeps its places under a moved base.
      this.#base -= growth;
      from = 0;
      to = start + inserted;
    } else if (growth === 0) to = start + inserted;
    for (let index = from; index < to; index++) this.#places.set(keys[index] ?? '', index + this.#base);
    this.#keys = keys;
    return splice;
  }
}
