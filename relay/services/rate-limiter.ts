/**
 * A sliding-window rate limiter, per key.
 *
 * An attempt is counted before its outcome is known, and given back if it succeeds: a hundred concurrent guesses are no
 * cheaper than a hundred guesses in a row.
 */

export interface RateLimiter {
  /** Milliseconds until the next try, or 0 if the attempt was allowed and counted. */
  take(key: string): number;
  /** The attempt succeeded: clears everything counted for the key. */
  forgive(key: string): void;
  /** Takes back only the newest count of the key. */
  giveBack(key: string): void;
}

/** Maximum number of keys, so that invented keys cannot fill the memory; the least recently used is evicted first. */
const MAX_KEYS = 20_000;

/** @param windowMs length in milliseconds of the window in which at most `max` attempts are allowed. */
export function createRateLimiter(max: number, windowMs: number, now: () => number): RateLimiter {
  const times = new Map<string, number[]>();

  function recent(key: string): number[] {
    const since = now() - windowMs;
    return (times.get(key) ?? []).filter((at) => at > since);
  }
  function keep(key: string, list: number[]): void {
    // Deleting first moves the key to the end: the map is in order of last use.
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
