/**
 * Long work in slices. Between two slices the event loop goes on, and of all who wait for a turn one goes on in each turn
 * of the loop: ten large answers at once hold it no longer than one does.
 */
export interface Turns {
  /** Resolves when it is the caller's turn; who asked first goes first. */
  next(): Promise<void>;
}

export function createTurns(): Turns {
  const waiting: (() => void)[] = [];

  function give(): void {
    const first = waiting.shift();
    // Asked for before the slice runs: an immediate of an immediate belongs to the next turn of the loop.
    if (waiting.length > 0) setImmediate(give);
    first?.();
  }

  return {
    next() {
      return new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) setImmediate(give);
      });
    },
  };
}
