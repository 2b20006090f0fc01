/**
 * The server's time, from the `Date` of its answers and the monotonic clock. Whether a message is old is judged by the
 * clock that dated it: the computer's own may be wrong by minutes or by days, or be corrected meanwhile.
 */
import { httpDate } from '../../lib/http-date.ts';
import type { Clock } from '../ports.ts';

/** A `Date` is truncated to its second; the middle of that is the best guess. */
const HALF_SECOND_MS = 500;
/** Milliseconds that a server is believed to be ahead of or behind this computer, where that decides what is stored. */
const MOST_AHEAD_MS = 24 * 60 * 60 * 1000;

/** The clock of one server, as seen by one connection. */
export interface ServerTime {
  /** Milliseconds since the epoch; null until the server has answered. */
  now(): number | null;
  /**
   * How far the server is ahead of this computer's wall clock, in milliseconds; 0 until its first answer. Never more
   * than a day either way: beyond that the server is hostile, or this computer's clock is useless.
   */
  aheadMs(): number;
  /** Takes the `Date` of an answer; a missing or invalid one changes nothing. */
  hear(date: string | undefined): void;
}

/** Knows nothing at first. Create one per connection: another server has another clock. */
export function createServerTime(clock: Pick<Clock, 'now' | 'monotonic'>): ServerTime {
  let offset: number | null = null;
  const now = (): number | null => (offset === null ? null : offset + clock.monotonic());
  return {
    now,
    aheadMs() {
      const serverNow = now();
      return serverNow === null ? 0 : Math.min(Math.max(serverNow - clock.now(), -MOST_AHEAD_MS), MOST_AHEAD_MS);
    },
    hear(date) {
      const parsed = httpDate(date);
      if (parsed !== null) offset = parsed + HALF_SECOND_MS - clock.monotonic();
    },
  };
}
