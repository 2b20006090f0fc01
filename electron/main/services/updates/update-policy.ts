/** When updates are looked for. Pure. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Milliseconds after which what was put off is looked at again. */
export const PUT_OFF_MS = 30 * MINUTE_MS;
/** Milliseconds in which a feed must have said everything. */
export const LONGEST_CHECK_MS = 2 * MINUTE_MS;
/** Milliseconds in which a version must have arrived. */
export const LONGEST_DOWNLOAD_MS = 3 * HOUR_MS;

/** Milliseconds from the start to the first check: five to ten minutes. @param random in [0, 1). */
export function firstCheckMs(random: number): number {
  return Math.round((5 + 5 * random) * MINUTE_MS);
}

/**
 * Milliseconds from one check to the next, whatever its end: four to eight hours, so that programs that were started
 * together do not ask together. @param random in [0, 1).
 */
export function nextCheckMs(random: number): number {
  return Math.round((4 + 4 * random) * HOUR_MS);
}

export interface Moment {
  /** The user asked for it, and did not only leave it switched on. */
  asked: boolean;
  /** The setting. */
  automatic: boolean;
  inCall: boolean;
  onBattery: boolean;
}

/** What to do with a check that is due. `later`: once the reason has passed. `skip`: not at all. */
export function decideCheck({ asked, automatic, inCall, onBattery }: Moment): 'begin' | 'later' | 'skip' {
  if (!asked && !automatic) return 'skip';
  // A call needs the whole line.
  if (inCall) return 'later';
  return onBattery && !asked ? 'later' : 'begin';
}
