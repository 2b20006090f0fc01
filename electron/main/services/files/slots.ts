/** Connections for uploads, shared by all accounts: whoever waits longest comes next. */
export class UploadSlots {
  readonly #waiting: ((release: () => void) => void)[] = [];
  #free: number;

  /** @param most uploads at once. */
  constructor(most: number) {
    this.#free = most;
  }

  /**
   * Asks for one.
   * @param start gets the function that gives it back; that may be called at once, and more than once.
   * @returns stops waiting.
   */
  ask(start: (release: () => void) => void): () => void {
    if (this.#free > 0) {
      this.#free -= 1;
      this.#grant(start);
      return () => undefined;
    }
    this.#waiting.push(start);
    return () => {
      const at = this.#waiting.indexOf(start);
      if (at >= 0) this.#waiting.splice(at, 1);
    };
  }

  #grant(start: (release: () => void) => void): void {
    let isReleased = false;
    start(() => {
      if (isReleased) return;
      isReleased = true;
      const next = this.#waiting.shift();
      if (next) this.#grant(next);
      else this.#free += 1;
    });
  }
}
