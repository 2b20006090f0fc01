/**
 * Token buckets in the memory of one node. A full bucket equals an unused one, so only those in use are kept.
 */
import type { TokenBuckets } from './ports.ts';

export interface BucketOptions {
  /** Tokens added per second. */
  perSecond: number;
  /** Capacity of a bucket. A larger amount requested at once counts as this many. */
  burst: number;
  /** Milliseconds. */
  now: () => number;
  /** Maximum number of keys, so that invented keys cannot fill the memory; the least recently used is evicted first. */
  maxKeys?: number;
}

export function createTokenBuckets({ perSecond, burst, now, maxKeys = 20_000 }: BucketOptions): TokenBuckets {
  // In order of last use: the first entry has had the most time to refill.
  const buckets = new Map<string, { left: number; at: number }>();
  const fillMs = (burst / perSecond) * 1000;

  /** A clock that went back neither adds nor takes tokens. */
  function leftOf(key: string, at: number): number {
    const bucket = buckets.get(key);
    if (!bucket) return burst;
    return Math.min(burst, bucket.left + (Math.max(0, at - bucket.at) / 1000) * perSecond);
  }
  function forgetOne(at: number): void {
    const [oldest] = buckets;
    if (oldest && (buckets.size > maxKeys || at - oldest[1].at >= fillMs)) buckets.delete(oldest[0]);
  }
  function missing(left: number, amount: number): number {
    const lacking = Math.min(amount, burst) - left;
    // Ignore rounding errors: they are not worth a millisecond.
    return lacking <= 1e-9 ? 0 : Math.max(1, Math.ceil((lacking / perSecond) * 1000 - 1e-6));
  }

  /** Stores what is left in a bucket, as the one used last. */
  function keep(key: string, left: number, at: number): void {
    buckets.delete(key);
    buckets.set(key, { left, at });
    // One added, up to two removed: full buckets do not accumulate.
    forgetOne(at);
    forgetOne(at);
  }

  // Nothing in them waits: a call has taken effect when it returns, before its promise is awaited.
  return {
    async take(key, amount = 1) {
      const at = now();
      const left = leftOf(key, at);
      const wait = missing(left, amount);
      keep(key, wait > 0 ? left : left - Math.min(amount, burst), at);
      return wait;
    },
    async giveBack(key, amount = 1) {
      const at = now();
      keep(key, Math.min(burst, leftOf(key, at) + Math.min(amount, burst)), at);
    },
  };
}
