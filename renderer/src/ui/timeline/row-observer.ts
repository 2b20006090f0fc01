/**
 * Reports height changes of rendered rows. A new row is observed starting with the next frame: its height is already
 * known from rendering, and starting an observation inside another report would be a ResizeObserver loop error.
 */
export class RowObserver {
  readonly #observer: ResizeObserver;
  readonly #keys = new Map<Element, string>();
  #fresh: Element[] = [];
  #frame = 0;

  /** `report` gets the changed rows with their heights in pixels, before the frame is painted. */
  constructor(report: (sizes: [key: string, height: number][]) => void) {
    this.#observer = new ResizeObserver((entries) => {
      const sizes: [string, number][] = [];
      for (const entry of entries) {
        const key = this.#keys.get(entry.target);
        if (key !== undefined && entry.target.isConnected)
          sizes.push([key, entry.target.getBoundingClientRect().height]);
      }
      if (sizes.length > 0) report(sizes);
    });
  }

  /** True for a row whose height changes are already observed. */
  hears(element: Element): boolean {
    return this.#keys.has(element) && !this.#fresh.includes(element);
  }

  /** Observes exactly these rows from now on. */
  watch(rows: ReadonlyMap<string, Element>): void {
    const wanted = new Set(rows.values());
    for (const element of this.#keys.keys()) {
      if (wanted.has(element)) continue;
      this.#observer.unobserve(element);
      this.#keys.delete(element);
    }
    for (const [key, element] of rows) {
      if (!this.#keys.has(element)) this.#fresh.push(element);
      this.#keys.set(element, key);
    }
    this.#observeSoon();
  }

  /**
   * These were measured otherwise, and are no longer as the observer knows them. It reports them again before the next
   * frame is painted: back at the height of its last report by then, they would seem unchanged to it.
   */
  recheck(rows: readonly Element[]): void {
    for (const element of rows)
      if (this.#keys.has(element) && !this.#fresh.includes(element)) this.#fresh.push(element);
    this.#observeSoon();
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#observer.disconnect();
    this.#keys.clear();
    this.#fresh = [];
  }

  #observeSoon(): void {
    if (this.#fresh.length > 0 && this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#observe());
  }

  #observe(): void {
    this.#frame = 0;
    for (const element of this.#fresh) {
      if (!this.#keys.has(element)) continue;
      // Forgets the last report; to observe what is observed already does nothing.
      this.#observer.unobserve(element);
      this.#observer.observe(element);
    }
    this.#fresh = [];
  }
}
