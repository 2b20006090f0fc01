/**
 * A throttle for main's push events: the first one after a pause is delivered at once, then at most one delivery per
 * frame or interval. Nothing is rendered more often than it can be seen.
 */

/** Milliseconds after which a page that does not paint (hidden, minimised) gets its events without a frame. */
const HIDDEN_MS = 250;

export interface Throttle<T> {
  /** Adds items; delivers them now or in the next turn. */
  push(items: readonly T[]): void;
  /** Delivers waiting items immediately. */
  flush(): void;
  /** Removes and returns the waiting items without delivering them. */
  drain(): T[];
  /** Drops the waiting items and stops. */
  stop(): void;
}

/** `hand` receives the items in order, each once. `step`: the time between two turns, a frame or milliseconds. */
export function createThrottle<T>(step: 'frame' | number, hand: (items: T[]) => void): Throttle<T> {
  const longest = step === 'frame' ? HIDDEN_MS : step;
  let waiting: T[] = [];
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function drain(): T[] {
    const items = waiting;
    waiting = [];
    return items;
  }

  function flush(): void {
    if (waiting.length > 0) hand(drain());
  }

  /** True between two turns. */
  let resting = false;
  /** The time of the last turn. */
  let turned = 0;

  function turn(): void {
    resting = false;
    if (waiting.length === 0) return;
    // Scheduled first: an exception in `hand` must not stop the throttle.
    nextTurn();
    flush();
  }

  function nextTurn(): void {
    resting = true;
    turned = performance.now();
    if (step === 'frame') frame = requestAnimationFrame(turn);
    timer ??= setTimeout(late, longest);
  }

  /** One timer serves many turns: setting one per turn would cost as much as many a turn itself. */
  function late(): void {
    timer = null;
    if (!resting) return;
    const left = turned + longest - performance.now();
    if (left >= 1) timer = setTimeout(late, left);
    else {
      cancelAnimationFrame(frame);
      turn();
    }
  }

  return {
    push(items) {
      if (items.length === 0) return;
      for (const item of items) waiting.push(item);
      if (resting) return;
      nextTurn();
      flush();
    },
    flush,
    drain,
    stop() {
      cancelAnimationFrame(frame);
      if (timer !== null) clearTimeout(timer);
      timer = null;
      resting = false;
      waiting = [];
    },
  };
}
