/**
 * Sliding-window rate limits in the memory of one node.
 *
 * Why not rate-limiter-flexible's memory limiter: its window is fixed, so twice the limit passes around its end; a refused
 * attempt is counted too, so that giving one back does not reopen the key, and the wait it names starts anew; it keeps a
 * timer for each key and any number of keys; and its clock cannot be replaced. Behind the port it may still serve where
 * several nodes share a store.
 */
import type { RateLimiter } from './ports.ts';

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

  // Nothing in them waits: a call has taken effect when it returns, before its promise is awaited.
  return {
    async take(key) {
      const list = recent(key);
      const first = list[list.length - max];
      if (first !== undefined) {
        keep(key, list);
        return Math.max(1, first + windowMs - now());
      }
      keep(key, [...list, now()]);
      return 0;
    },
    async forgive(key) {
      times.delete(key);
    },
    async giveBack(key) {
      keep(key, recent(key).slice(0, -1));
    },
  };
}
