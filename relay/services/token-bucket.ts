/**
 * Steady rates with room for a burst, one bucket for each key (a person, an address). A bucket that has filled up again is as
 * one that was never used, so only those in use are kept.
 */

export interface TokenBuckets {
  /** Milliseconds until `amount` can be taken, or 0 when it can be taken now. Takes nothing. */
  wait(key: string, amount?: number): number;
  /** Takes `amount` where all of it is there; answers as `wait` does. */
  take(key: string, amount?: number): number;
}

export interface BucketOptions {
  /** Tokens that come back each second. */
  perSecond: number;
  /** How many a bucket holds. More than that asked for at once counts as this many. */
  burst: number;
  /** Milliseconds. */
  now: () => number;
  /** Keys kept at most: whoever invents keys fills no memory; the longest unused is forgotten first. */
  maxKeys?: number;
}

export function createTokenBuckets({ perSecond, burst, now, maxKeys = 20_000 }: BucketOptions): TokenBuckets {
  // In the order of last use: what stands in front has had the longest time to fill up.
  const buckets = new Map<string, { left: number; at: number }>();
  const fillMs = (burst / perSecond) * 1000;

  /** A clock that went back gives nothing and takes nothing. */
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
    // What fractions lose in adding up is no millisecond.
    return lacking <= 1e-9 ? 0 : Math.max(1, Math.ceil((lacking / perSecond) * 1000 - 1e-6));
  }

  return {
    wait: (key, amount = 1) => missing(leftOf(key, now()), amount),
    take(key, amount = 1) {
      const at = now();
      const left = leftOf(key, at);
      const wait = missing(left, amount);
      buckets.delete(key);
      buckets.set(key, { left: wait > 0 ? left : left - Math.min(amount, burst), at });
      // One comes, up to two go: what is full again does not pile up.
      forgetOne(at);
      forgetOne(at);
      return wait;
    },
  };
}
