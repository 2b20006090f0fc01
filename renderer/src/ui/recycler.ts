/**
 * Which elements show which rows of a long list: a row keeps its element while it is on the screen, so that focus and
 * hover stay with it, and one that comes takes the element of one that went.
 */

export interface Recycler {
  /** A key for each of these rows, none twice. */
  readonly keysOf: (rows: readonly number[]) => ReadonlyMap<number, number>;
}

export function createRecycler(): Recycler {
  let keys = new Map<number, number>();
  let made = 0;
  /** Keys of elements that are not there at the moment: the window was larger before. */
  let spare: number[] = [];
  return {
    keysOf(rows) {
      const wanted = new Set(rows);
      const free = [...keys].filter(([row]) => !wanted.has(row)).map(([, key]) => key);
      // Backwards: the first that went is taken first.
      free.reverse().unshift(...spare);
      const next = new Map<number, number>();
      for (const row of wanted) {
        const key = keys.get(row);
        if (key !== undefined) next.set(row, key);
      }
      for (const row of wanted) if (!next.has(row)) next.set(row, free.pop() ?? (made += 1));
      spare = free;
      keys = next;
      return next;
    },
  };
}
