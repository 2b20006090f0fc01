/**
 * How far the other side's clock is from this one's, measured as NTP does: a question and its answer carry four times.
 * A delay that is the same in both directions cancels out; a queue in one direction does not. So the exchanges with the
 * shortest way count, since they waited in no queue. Pure.
 */

/** One exchange: asked, arrived there, answered there, arrived here. Milliseconds of the clock of the place. */
export interface Exchange {
  readonly asked: number;
  readonly received: number;
  readonly answered: number;
  readonly returned: number;
}

export interface ClockOffset {
  /** The other side's clock minus this one's, in milliseconds. */
  readonly offset: number;
  /** Milliseconds there and back. */
  readonly roundTrip: number;
}

/** Exchanges that are remembered: about two minutes of them, so that clocks which drift apart are noticed. */
const KEPT = 48;
/** The part of them that counts, and how many at least. */
const BEST = 1 / 8;
const LEAST = 3;
/** Milliseconds beyond which an answer says nothing. */
const LONGEST_TRIP = 10_000;

/** What one exchange says; null when its times cannot be. */
export function offsetOf({ asked, received, answered, returned }: Exchange): ClockOffset | null {
  const roundTrip = returned - asked - (answered - received);
  if (!(answered >= received && returned >= asked && roundTrip >= 0 && roundTrip <= LONGEST_TRIP)) return null;
  return { offset: (received - asked + (answered - returned)) / 2, roundTrip };
}

/** The exchanges with another one, the oldest left out. */
export function withExchange(known: readonly ClockOffset[], exchange: Exchange): readonly ClockOffset[] {
  const one = offsetOf(exchange);
  return one === null ? known : [...known, one].slice(-KEPT);
}

/** The estimate from all exchanges; null without one. */
export function estimate(known: readonly ClockOffset[]): ClockOffset | null {
  const sorted = known.toSorted((one, other) => one.roundTrip - other.roundTrip);
  const best = sorted.slice(0, Math.max(LEAST, Math.ceil(sorted.length * BEST)));
  if (best.length === 0) return null;
  const middle = best.map(({ offset }) => offset).toSorted((one, other) => one - other);
  const half = (middle.length - 1) / 2;
  const [low = 0, high = 0] = [middle[Math.floor(half)], middle[Math.ceil(half)]];
  return { offset: (low + high) / 2, roundTrip: best[0]?.roundTrip ?? 0 };
}
