/**
 * How often the stores hear what main tells: at once after a pause, and then once per frame, or per stretch of time, at
 * most. What would be drawn twice before anybody can see it once is drawn once.
 */

/** Milliseconds after which a page that is not painted (hidden, minimised) takes its news without a frame. */
const HIDDEN_MS = 250;

export interface Throttle<T> {
  /** Takes items in their order; hands them on now or at the next turn. */
  push(items: readonly T[]): void;
  /** Hands on at once what waits. */
  flush(): void;
  /** Answers what waits, which is not handed on any more. */
  drain(): T[];
  /** Lets go of what waits. */
  stop(): void;
}

/** `hand` gets the items in their order, each once. `step`: what lies between two turns, a frame or milliseconds. */
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
  /** When the last turn was. */
  let turned = 0;

  function turn(): void {
    resting = false;
    if (waiting.length === 0) return;
    // Asked for first: a hand that stumbles must not stop the clock.
    nextTurn();
    flush();
  }

  function nextTurn(): void {
    resting = true;
    turned = performance.now();
    if (step === 'frame') frame = requestAnimationFrame(turn);
    timer ??= setTimeout(late, longest);
  }

  /** One timer looks after many turns: setting one for each would cost as much as many a turn does. */
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
