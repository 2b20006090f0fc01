/**
 * Rate limits per user and per address, shared by requests and socket frames: opening another socket or switching
 * transports does not get a fresh budget.
 */
import { RelayError } from '../errors.ts';
import type { RelayLimits } from '../limits.ts';
import { createTokenBuckets, type TokenBuckets } from './token-bucket.ts';

/** What to do with a frame: serve it, refuse it with the wait in milliseconds, or close the socket. */
export type FrameVerdict = { kind: 'served' } | { kind: 'refused' | 'flood'; error: RelayError };

export interface Budgets {
  /**
   * One request from an address, authenticated or not.
   * @throws RelayError `rate_limited`
   */
  fromAddress(address: string): void;
  /**
   * A request of a user.
   * @param cost in units of a plain request.
   * @throws RelayError `rate_limited`
   */
  request(userId: string, cost: number): void;
  /**
   * A write that is stored and delivered to others: a message, a reaction, a profile change.
   * @param bytes of its text.
   * @throws RelayError `rate_limited`
   */
  write(userId: string, bytes?: number): void;
  /** A frame of a user. Continuing after refusals, at the same rate again, is a flood. */
  frame(userId: string, address: string): FrameVerdict;
  /** A ping of a user; false when there were too many. */
  ping(userId: string): boolean;
}

const DAY = 24 * 60 * 60_000;

/** The refusal for exceeding a rate. @param retryAfterMs milliseconds until a retry makes sense, capped at one day. */
export function tooMany(message: string, retryAfterMs: number): RelayError {
  return new RelayError('rate_limited', message, { retryAfterMs: Math.min(retryAfterMs, DAY) });
}

/** @param now monotonic milliseconds. */
export function createBudgets(limits: RelayLimits, now: () => number): Budgets {
  const buckets = (perSecond: number, burst: number): TokenBuckets => createTokenBuckets({ perSecond, burst, now });
  const addresses = buckets(limits.addressRequestsPerSecond, limits.addressRequestsBurst);
  const requests = buckets(limits.requestsPerSecond, limits.requestsBurst);
  const writes = buckets(limits.sendsPerSecond, limits.sendsBurst);
  const bytes = buckets(limits.sendBytesPerSecond, limits.sendBytesBurst);
  const frames = buckets(limits.framesPerSecond, limits.framesBurst);
  const refusals = buckets(limits.framesPerSecond, limits.framesBurst);
  const pings = buckets(limits.framesPerSecond, limits.framesBurst);

  return {
    fromAddress(address) {
      const wait = addresses.take(address);
      if (wait > 0) throw tooMany('Too many requests from this address.', wait);
    },
    request(userId, cost) {
      const wait = requests.take(userId, cost);
      if (wait > 0) throw tooMany('Too many requests.', wait);
    },
    write(userId, size = 0) {
      // Both or neither: a refusal by one must not use up the other.
      const wait = Math.max(writes.wait(userId), bytes.wait(userId, size));
      if (wait > 0) throw tooMany('Too much at once: wait a moment.', wait);
      writes.take(userId);
      bytes.take(userId, size);
    },
    frame(userId, address) {
      const own = frames.take(userId);
      // Traffic of others behind the same address must not close this user's socket.
      const wait = own > 0 ? own : addresses.take(address);
      if (wait === 0) return { kind: 'served' };
      const isFlood = own > 0 && refusals.take(userId) > 0;
      return { kind: isFlood ? 'flood' : 'refused', error: tooMany('Too many frames.', wait) };
    },
    ping: (userId) => pings.take(userId) === 0,
  };
}
