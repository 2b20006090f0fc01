/**
 * Counts what somebody may do only so often: a sliding window of times per key.
 *
 * An attempt is counted before its outcome is known, and given back when it was a good one: a hundred guesses sent at
 * once are no cheaper than a hundred guesses one after the other.
 */

export interface RateLimiter {
  /** Milliseconds until the next try, or 0 when the attempt was let through and counted. */
  take(key: string): number;
  /** The attempt was a good one: everything counted for the key is forgotten. */
  forgive(key: string): void;
  /** Takes back the newest count of the key alone. */
  giveBack(key: string): void;
}

/** Keys kept at most: whoever invents names fills no memory; the oldest are forgotten first. */
const MAX_KEYS = 20_000;

/** @param windowMs milliseconds within which at most `max` attempts are let through. */
export function createRateLimiter(max: number, windowMs: number, now: () => number): RateLimiter {
  const times = new Map<string, number[]>();

  function recent(key: string): number[] {
    const since = now() - windowMs;
    return (times.get(key) ?? []).filter((at) => at > since);
  }
  function keep(key: string, list: number[]): void {
    // Deleting first moves the key to the end: the map's order is the order of last use.
    times.delete(key);
    if (list.length > 0) times.set(key, list);
    if (times.size <= MAX_KEYS) return;
    const oldest = times.keys().next();
    if (!oldest.done) times.delete(oldest.value);
  }

  return {
    take(key) {
      const list = recent(key);
      const first = list[list.length - max];
      if (first !== undefined) {
        keep(key, list);
        return Math.max(1, first + windowMs - now());
      }
      keep(key, [...list, now()]);
      return 0;
    },
    forgive: (key) => void times.delete(key),
    giveBack: (key) => keep(key, recent(key).slice(0, -1)),
  };
}
