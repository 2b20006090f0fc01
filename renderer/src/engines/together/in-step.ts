/**
 * What keeps a player in step: a little faster or slower where that suffices, a seek where it would take too long, and
 * soon after it began, where a seek is hardly heard. Pure.
 */

/** Seconds of skew that are left alone: nobody hears them, and a measured position is not more exact. */
const FINE = 0.015;
/** Seconds in which a skew should be gone. */
const MENDED_IN = 2;
/** The most by which the speed differs from the normal one: the pitch stays, and it is hardly heard. */
const MOST_RATE = 0.06;
/** The speed changes in steps, so that it is not changed without need. */
const RATE_STEP = 0.005;
/** Seconds of skew beyond which only a seek helps, and those beyond which it is the better way for a player that has just begun. */
const SEEK_BEYOND = 0.5;
const SEEK_BEYOND_AT_BEGIN = 0.1;
/** Milliseconds from one seek to the next. */
const SEEK_GAP = 2_500;
/** Milliseconds after it was sent to a place, and seconds that it has played since, until its position tells anything. */
const SETTLED_MS = 350;
const SETTLED = 0.05;
/** The most that is believed of how late a player is after a seek, in seconds. */
const MOST_LATE = 0.3;

/** Where a player was last sent, and what is known of it since. */
export interface Course {
  /** Milliseconds, and seconds of the track. */
  readonly sentAt: number;
  readonly sentTo: number;
  /** It has not been measured since. */
  readonly fresh: boolean;
  /** It was sent by a seek, and its position will tell how long that took. */
  readonly learns: boolean;
  /** Seconds that this player is late after a seek. */
  readonly late: number;
}

export type Correction =
  | { kind: 'none' }
  | { kind: 'rate'; rate: number }
  /** To a second of the track. */
  | { kind: 'seek'; to: number };

/** Nothing has been sent anywhere, and nothing is known. */
export const NO_COURSE: Course = { sentAt: 0, sentTo: 0, fresh: false, learns: false, late: 0 };

/** A track is loaded, to begin at a second of it. */
export const loadedAt = (course: Course, now: number, seconds: number): Course => ({
  ...{ sentAt: now, sentTo: seconds, fresh: true, learns: false, late: course.late },
});

/** Sought to be at a second of it now: a little beyond, for it plays late. Paused, there is nothing to be late for. */
export function soughtTo(course: Course, now: number, seconds: number, playing: boolean): Course {
  const sentTo = Math.max(0, seconds + (playing ? course.late : 0));
  return { sentAt: now, sentTo, fresh: true, learns: playing, late: course.late };
}

function rateFor(skew: number): Correction {
  if (Math.abs(skew) <= FINE) return { kind: 'rate', rate: 1 };
  const wanted = Math.max(-MOST_RATE, Math.min(MOST_RATE, -skew / MENDED_IN));
  // Away from 1, so that a small skew is mended as well.
  const steps = Math.sign(wanted) * Math.ceil(Math.abs(wanted) / RATE_STEP - 1e-9);
  return { kind: 'rate', rate: 1 + steps * RATE_STEP };
}

/**
 * What a measured position asks for.
 * @param at seconds where the player is
 * @param should seconds where it should be
 * @param now milliseconds
 */
export function correct(course: Course, at: number, should: number, now: number): [Course, Correction] {
  const skew = at - should;
  const since = now - course.sentAt;
  const settled = since >= SETTLED_MS && at >= course.sentTo + SETTLED;
  if (!settled && since < SEEK_GAP) return [course, { kind: 'none' }];
  const late = settled && course.learns ? Math.min(MOST_LATE, Math.max(0, course.late - skew)) : course.late;
  const measured: Course = { ...course, late, fresh: false, learns: false };
  const begins = course.fresh && settled;
  const maySeek = begins || since >= SEEK_GAP;
  if (!maySeek || Math.abs(skew) <= (begins ? SEEK_BEYOND_AT_BEGIN : SEEK_BEYOND)) return [measured, rateFor(skew)];
  // One seek for a beginning: what is left is mended by the speed.
  const sought = { ...soughtTo(measured, now, should, true), fresh: false };
  return [sought, { kind: 'seek', to: sought.sentTo }];
}
