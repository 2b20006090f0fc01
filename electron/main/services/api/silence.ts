/** Tells when nothing moves any more. What is slow but moves may take its time. */
import type { Clock, Disposer } from '../ports.ts';

/** How often it is looked, at the least: as a part of the time that may pass in silence. */
const LOOKS = 4;

/**
 * Runs `onSilent` once, when nothing has moved for `ms` milliseconds (up to a quarter more).
 * @param moved a number that changes with every byte.
 * @param excused true while it is this side that keeps the other waiting: such time does not count.
 */
export function watchSilence(
  clock: Pick<Clock, 'after'>,
  ms: number,
  moved: () => number,
  excused: () => boolean,
  onSilent: () => void,
): Disposer {
  const every = Math.max(1, ms / LOOKS);
  let last = moved();
  let quietMs = 0;
  let dispose: Disposer = () => undefined;
  const look = (): void => {
    const now = moved();
    quietMs = now === last && !excused() ? quietMs + every : 0;
    last = now;
    if (quietMs >= ms) onSilent();
    else dispose = clock.after(every, look);
  };
  dispose = clock.after(every, look);
  return () => dispose();
}
