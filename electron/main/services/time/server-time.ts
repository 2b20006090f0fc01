/**
 * What time it is at the server, by the `Date` of its answers and the clock that never jumps. Whether a message is old
 * is asked of the clock that dated it: the computer's own may be wrong by minutes or by days, or be set right meanwhile.
 */
import { httpDate } from '../../lib/http-date.ts';
import type { Clock } from '../ports.ts';

/** A `Date` is cut to its second; the middle of that is the best guess. */
const HALF_SECOND_MS = 500;

export interface ServerTime {
  /** Milliseconds since the epoch; null before the server has told. */
  now(): number | null;
  /** Begins anew for a line to a server; the answer hears the `Date` of each of that line's answers. */
  follow(): (date: string | undefined) => void;
}

/** Knows nothing at first. */
export function createServerTime(clock: Pick<Clock, 'monotonic'>): ServerTime {
  let offset: number | null = null;
  let line = 0;
  return {
    now: () => (offset === null ? null : offset + clock.monotonic()),
    follow() {
      offset = null;
      const mine = (line += 1);
      return (date) => {
        const told = httpDate(date);
        // A late answer of the server before says nothing of this one's clock.
        if (told !== null && mine === line) offset = told + HALF_SECOND_MS - clock.monotonic();
      };
    },
  };
}
