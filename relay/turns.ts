/**
 * Slices long work so that the event loop keeps running. Each turn of the loop serves one of the waiting callers, so
 * ten large responses block it no longer at a time than one does.
 */
export interface Turns {
  /** Resolves when it is the caller's turn; first come, first served. */
  next(): Promise<void>;
}

export function createTurns(): Turns {
  const waiting: (() => void)[] = [];

  function give(): void {
    const first = waiting.shift();
    // Scheduled before the slice runs: an immediate set within an immediate runs in the next turn of the loop.
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

/** Lets callers through in the order they came, so many in one turn. @param most callers per turn. */
export function createSlices(turns: Turns, most: number): Turns {
  let waiting: (() => void)[] = [];
  let serving = false;

  async function serve(): Promise<void> {
    serving = true;
    while (waiting.length > 0) {
      await turns.next();
      const slice = waiting.slice(0, most);
      waiting = waiting.slice(most);
      for (const go of slice) go();
    }
    serving = false;
  }

  return {
    next() {
      return new Promise((resolve) => {
        waiting.push(resolve);
        if (!serving) void serve();
      });
    },
  };
}
