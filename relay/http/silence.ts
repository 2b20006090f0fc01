/** Tells when a connection has gone quiet. What is slow but moves may take its time. */

/** How often it is looked, at the least: as a part of the time that may pass in silence. */
const LOOKS = 4;

/**
 * Runs `onSilent` once, when nothing has moved for `ms` milliseconds (up to a quarter more).
 * @param moved a number that changes with every byte.
 * @param excused true while it is us who keep the other end waiting: such time does not count.
 * @returns ends the watch.
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
