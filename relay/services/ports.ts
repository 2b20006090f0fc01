/**
 * What the services keep for a short time and several nodes would have to share: rates, places, leases. The adapters
 * beside this file keep it in the memory of one node; everything is asynchronous, so that a store shared by all nodes
 * can take their place. Calls for one key take effect in the order they were made.
 */

/** Attempts per key in a sliding window. An attempt is counted before its outcome is known. */
export interface RateLimiter {
  /** Milliseconds until the next try, or 0 if the attempt was allowed and counted. A refused one is not counted. */
  take(key: string): Promise<number>;
  /** The attempt succeeded: clears everything counted for the key. */
  forgive(key: string): Promise<void>;
  /** Takes back only the newest count of the key. */
  giveBack(key: string): Promise<void>;
}

/** Token buckets, one per key (a user, an address). */
export interface TokenBuckets {
  /**
   * Takes `amount` (1 by default) if all of it is available.
   * @returns 0, or the milliseconds until it will be available; then nothing was taken.
   */
  take(key: string, amount?: number): Promise<number>;
  /** Puts back what a `take` took, up to the bucket's capacity. */
  giveBack(key: string, amount?: number): Promise<void>;
}

/** Where accounts signed in recently. */
export interface KnownPlaces {
  has(place: string): Promise<boolean>;
  /** Adds a place, or marks it as used just now. */
  remember(place: string): Promise<void>;
}

/**
 * Facts that hold for a fixed time unless they are renewed or ended, such as "is typing" or "left a moment ago". Each
 * ends exactly once: by `release`, by `releaseOf`, or by expiring.
 */
export interface Leases<T> {
  /** Begins or renews a lease; the last holder and value count. */
  hold(key: string, holder: string, value: T): Promise<void>;
  /** Ends a lease. @returns its value; null if there is none (any more). */
  release(key: string): Promise<T | null>;
  /** Ends the leases of a holder. @returns their values. */
  releaseOf(holder: string): Promise<T[]>;
  /** Those of the given keys that are held. */
  held(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Called for a lease that expired, on one node only. @returns undoes the subscription. */
  onExpire(listener: (value: T) => void): () => void;
  /** Stops the clocks of this node: nothing expires here any more. */
  close(): void;
}
