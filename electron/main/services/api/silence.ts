/** Detects that nothing moves any more. What is slow but moves may take its time. */
import type { Clock, Disposer } from '../ports.ts';

/** Number of checks within the allowed silence. */
const CHECKS = 4;

/**
 * Calls `onSilent` once, when nothing has moved for `ms` milliseconds (up to a quarter more).
 * @param moved a number that changes with every byte.
 * @param excused true while this side keeps the other waiting: that time does not count.
 */
export function watchSilence(
  clock: Pick<Clock, 'after'>,
  ms: number,
  moved: () => number,
  excused: () => boolean,
  onSilent: () => void,
): Disposer {
  const every = Math.max(1, ms / CHECKS);
  let last = moved();
  let quietMs = 0;
  let dispose: Disposer = () => undefined;
  const check = (): void => {
    const now = moved();
    quietMs = now === last && !excused() ? quietMs + every : 0;
    last = now;
    if (quietMs >= ms) onSilent();
    else dispose = clock.after(every, check);
  };
  dispose = clock.after(every, check);
  return () => dispose();
}
