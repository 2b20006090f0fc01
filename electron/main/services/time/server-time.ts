/**
 * What time it is at the server, by the `Date` of its answers and the monotonic clock. Whether a message is old is asked of
 * the clock that dated it: the computer's own may be wrong by minutes or by days, or be set right meanwhile.
 */
import { httpDate } from '../../lib/http-date.ts';
import type { Clock } from '../ports.ts';

/** A `Date` is cut to its second; the middle of that is the best guess. */
const HALF_SECOND_MS = 500;
/** Milliseconds that a server is believed to be ahead of this computer or behind it, where that decides what is stored. */
const MOST_AHEAD_MS = 24 * 60 * 60 * 1000;

/** The clock of one server, as one connection knows it. */
export interface ServerTime {
  /** Milliseconds since the epoch; null before the server has answered. */
  now(): number | null;
  /**
   * How far the server is ahead of this computer's wall clock, in milliseconds; 0 before its first answer. Never more than
   * a day either way: past that the server means harm, or this computer's clock is no clock at all.
   */
  aheadMs(): number;
  /** Takes the `Date` of an answer; one that is missing or no date changes nothing. */
  hear(date: string | undefined): void;
}

/** Knows nothing at first. Make one for each connection: another server has another clock. */
export function createServerTime(clock: Pick<Clock, 'now' | 'monotonic'>): ServerTime {
  let offset: number | null = null;
  const now = (): number | null => (offset === null ? null : offset + clock.monotonic());
  return {
    now,
    aheadMs() {
      const told = now();
      return told === null ? 0 : Math.min(Math.max(told - clock.now(), -MOST_AHEAD_MS), MOST_AHEAD_MS);
    },
    hear(date) {
      const told = httpDate(date);
      if (told !== null) offset = told + HALF_SECOND_MS - clock.monotonic();
    },
  };
}
