/** Detects stalled connections. A slow one that makes progress may take its time. */

/** Checks per silence period, at least. */
const LOOKS = 4;

/**
 * Runs `onSilent` once nothing has moved for `ms` milliseconds (up to a quarter more).
 * @param moved a number that changes with every byte.
 * @param excused true while the other end is waiting for us: such time does not count.
 * @returns a disposer.
 */
export function watchSilence(
  ms: number,
  moved: () => number,
  excused: () => boolean,
  onSilent: () => void,
): () => void {
  const every = Math.max(1, ms / LOOKS);
  let last = moved();
  let quietMs = 0;
  const timer = setInterval(() => {
    const now = moved();
    quietMs = now === last && !excused() ? quietMs + every : 0;
    last = now;
    if (quietMs < ms) return;
    clearInterval(timer);
    onSilent();
  }, every);
  timer.unref();
  return () => clearInterval(timer);
}
