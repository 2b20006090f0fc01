/** A steady rate with room for a burst. */
export interface TokenBucket {
  /** False when there was nothing left to take. */
  take(): boolean;
}

/** @param perSecond tokens that come back each second; @param burst how many it holds; `now` in milliseconds. */
export function createTokenBucket(perSecond: number, burst: number, now: () => number): TokenBucket {
  let left = burst;
  let last = now();
  return {
    take() {
      const at = now();
      // A clock that went back gives nothing and takes nothing.
      left = Math.min(burst, left + (Math.max(0, at - last) / 1000) * perSecond);
      last = at;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
