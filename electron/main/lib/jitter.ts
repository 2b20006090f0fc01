/** The first wait, in milliseconds; it doubles with each attempt. */
export const FIRST_WAIT_MS = 500;
/** The longest wait, in milliseconds. */
export const LONGEST_WAIT_MS = 30_000;
/**
 * Full jitter: anything from zero to the doubled wait, so that clients that lost the server at the same time do not
 * return at the same time.
 * @param tries failures since the last fresh start, from 1.
 * @param random in [0, 1).
 */
export function jitter(tries: number, random: number): number {
  return Math.round(random * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries - 1, 16)));
}
