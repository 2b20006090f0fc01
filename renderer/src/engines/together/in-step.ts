/**
 * What brings a player back into step: a little faster or slower where that suffices, a seek where it would take too
 * long. Pure.
 */

/** Seconds of skew that are left alone: nobody hears them, and a measured position is not more exact. */
const FINE = 0.015;
/** Seconds in which a skew should be gone. */
const MENDED_IN = 2;
/** The most by which the speed differs from the normal one: the pitch stays, and it is hardly heard. */
const MOST_RATE = 0.06;
/** The speed changes in steps, so that it is not changed without need. */
const RATE_STEP = 0.005;
/** Seconds of skew beyond which only a seek helps. */
const SEEK_BEYOND = 0.5;
/** Milliseconds from one seek to the next: an element needs a while until its position tells anything. */
const SEEK_GAP = 2_500;

export type Correction = { kind: 'rate'; rate: number } | { kind: 'seek' };

/**
 * @param skew seconds by which the player is ahead
 * @param sinceSeek milliseconds since it last was sent to another place
 */
export function correctionOf(skew: number, sinceSeek: number): Correction {
  if (Math.abs(skew) > SEEK_BEYOND && sinceSeek >= SEEK_GAP) return { kind: 'seek' };
  if (Math.abs(skew) <= FINE) return { kind: 'rate', rate: 1 };
  const wanted = Math.max(-MOST_RATE, Math.min(MOST_RATE, -skew / MENDED_IN));
  // Away from 1, so that a small skew is mended as well.
  const steps = Math.sign(wanted) * Math.ceil(Math.abs(wanted) / RATE_STEP - 1e-9);
  return { kind: 'rate', rate: 1 + steps * RATE_STEP };
}
