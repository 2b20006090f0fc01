/**
 * What one person and one address may ask of the node: the same accounts for requests and for frames of sockets, so that
 * neither another socket nor another way in begins a new one.
 */
import { RelayError } from '../errors.ts';
import type { RelayLimits } from '../limits.ts';
import { createTokenBuckets, type TokenBuckets } from './token-bucket.ts';

/** How a frame is to be met: served, refused with the milliseconds to wait, or answered by closing the socket. */
export type FrameVerdict = { kind: 'served' } | { kind: 'refused' | 'flood'; error: RelayError };

export interface Budgets {
  /**
   * One request from an address, whoever it is.
   * @throws RelayError `rate_limited`
   */
  fromAddress(address: string): void;
  /**
   * A request of a person.
   * @param cost what it asks of the node, in plain requests.
   * @throws RelayError `rate_limited`
   */
  request(userId: string, cost: number): void;
  /**
   * Something that is stored and told to others: a message, a reaction, a changed profile.
   * @param bytes of its text.
   * @throws RelayError `rate_limited`
   */
  write(userId: string, bytes?: number): void;
  /** A frame of a person. Who goes on after refusals at the same rate again has flooded. */
  frame(userId: string, address: string): FrameVerdict;
  /** A ping of a person; false when there were too many. */
  ping(userId: string): boolean;
}

const DAY = 24 * 60 * 60_000;

/** The refusal of what comes too often. @param retryAfterMs milliseconds until another try makes sense; a day at most is told. */
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
      // Both or neither: what one refuses must not cost the other.
      const wait = Math.max(writes.wait(userId), bytes.wait(userId, size));
      if (wait > 0) throw tooMany('Too much at once: wait a moment.', wait);
      writes.take(userId);
      bytes.take(userId, size);
    },
    frame(userId, address) {
      const own = frames.take(userId);
      // What the neighbours behind the same address do closes nobody's socket.
      const wait = own > 0 ? own : addresses.take(address);
      if (wait === 0) return { kind: 'served' };
      const isFlood = own > 0 && refusals.take(userId) > 0;
      return { kind: isFlood ? 'flood' : 'refused', error: tooMany('Too many frames.', wait) };
    },
    ping: (userId) => pings.take(userId) === 0,
  };
}
