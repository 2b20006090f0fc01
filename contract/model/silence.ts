/** Detects that nothing moves any more. What is slow but moves may take its time. Pure: the caller has the timer. */

/** Number of checks within the allowed silence. */
const CHECKS = 4;

/**
 * Counts silence, one check at a time.
 * @param ms milliseconds of silence that are allowed; up to a quarter more pass before it is noticed.
 * @param moved a number that changes with every byte.
 * @param excused true while this side keeps the other waiting: that time does not count.
 * @returns the milliseconds between two checks, and a check that returns true once the silence is too long.
 */
export function countSilence(
  ms: number,
  moved: () => number,
  excused: () => boolean,
): { every: number; isTooLong(): boolean } {
  const every = Math.max(1, ms / CHECKS);
  let last = moved();
  let quietMs = 0;
  return {
    every,
    isTooLong() {
      const now = moved();
      quietMs = now === last && !excused() ? quietMs + every : 0;
      last = now;
      return quietMs >= ms;
    },
  };
}
