/**
 * At the start the network waits until the page has painted its first screen: reading what was missed would otherwise
 * take the processor from what the person looks at. A page that never paints (a window that starts hidden) holds nothing
 * up for long.
 */
import type { Clock } from '../services/ports.ts';

/** Milliseconds after which nobody waits for a page any more. */
const LONGEST_WAIT_MS = 2_000;

export interface FirstScreenGate {
  /** Resolves when the first screen has been painted, or the longest wait is over. */
  readonly shown: Promise<void>;
  /** The page has painted. */
  open(): void;
}

/** Makes the gate; its wait begins now. */
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
