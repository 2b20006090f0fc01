/**
 * At the start the network waits until the page has painted its first screen: fetching what was missed would otherwise
 * take CPU time from it. A page that never paints (a window that starts hidden) delays the network only briefly.
 */
import type { Clock } from '../services/ports.ts';

/** Milliseconds after which the network no longer waits for a page. */
const LONGEST_WAIT_MS = 2_000;

export interface FirstScreenGate {
  /** Resolves when the first screen has been painted, or the longest wait is over. */
  readonly shown: Promise<void>;
  /** The page has painted. */
  open(): void;
}

/** Creates the gate; its wait begins now. */
export function createFirstScreenGate(clock: Pick<Clock, 'after'>): FirstScreenGate {
  const { promise, resolve } = Promise.withResolvers<void>();
  const dispose = clock.after(LONGEST_WAIT_MS, resolve);
  return {
    shown: promise,
    open() {
      dispose();
      resolve();
    },
  };
}
