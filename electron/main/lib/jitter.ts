/** The first wait, in milliseconds; it doubles with each try. */
export const FIRST_WAIT_MS = 500;
/** The longest wait, in milliseconds. */
export const LONGEST_WAIT_MS = 30_000;
/**
 * Full jitter: anything from nothing to the doubled wait, so that many who lost the server at once do not return at once.
 * @param tries how often it failed since the last fresh start, from 1.
 * @param random in [0, 1).
 */
export function jitter(tries: number, random: number): number {
  return Math.round(random * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries - 1, 16)));
}
