/** When background reading of older history continues. Pure. */

/** In milliseconds. */
export const TIMING = {
  /** From going live to the first page: what is on the screen comes first. */
  start: 10_000,
  /** Between two pages: at most one request a second. */
  page: 1_000,
  /** Since the user was last active. */
  quiet: 5_000,
  /** Until the battery is checked again. */
  battery: 60_000,
} as const;

const FIRST_MS = 30_000;
const LONGEST_MS = 30 * 60_000;

/**
 * The wait after a failure, in milliseconds: doubling from half a minute to half an hour, jittered between half of it
 * and all of it; at least what the server asked for, up to the longest.
 * @param tries failures in a row, from 1.
 * @param random in [0, 1).
 */
export function backOff(tries: number, random: number, askedFor = 0): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries - 1, 16));
  return Math.max(Math.min(askedFor, LONGEST_MS), Math.round((most * (1 + random)) / 2));
}
