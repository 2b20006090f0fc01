/**
 * Rate limits per user and per address, shared by requests and socket frames: opening another socket or switching
 * transports does not get a fresh budget.
 */
import { RelayError } from '../errors.ts';
import type { RelayLimits } from '../limits.ts';
import type { TokenBuckets } from './ports.ts';

/** What to do with a frame: serve it, refuse it with the wait in milliseconds, or close the socket. */
export type FrameVerdict = { kind: 'served' } | { kind: 'refused' | 'flood'; error: RelayError };

export interface Budgets {
  /**
   * One request from an address, authenticated or not.
   * @throws RelayError `rate_limited`
   */
  fromAddress(address: string): Promise<void>;
  /**
   * A request of a user.
   * @param cost in units of a plain request.
   * @throws RelayError `rate_limited`
   */
  request(userId: string, cost: number): Promise<void>;
  /**
   * A write that is stored and delivered to others: a message, a reaction, a profile change.
   * @param bytes of its text.
   * @throws RelayError `rate_limited`
   */
  write(userId: string, bytes?: number): Promise<void>;
  /**
   * A call signal of a user.
   * @throws RelayError `rate_limited`
   */
  signal(userId: string, bytes: number): Promise<void>;
  /** A frame of a user. Continuing after refusals, at the same rate again, is a flood. */
  frame(userId: string, address: string): Promise<FrameVerdict>;
  /** A ping of a user; false when there were too many. */
  ping(userId: string): Promise<boolean>;
}

const DAY = 24 * 60 * 60_000;

/** The refusal for exceeding a rate. @param retryAfterMs milliseconds until a retry makes sense, capped at one day. */
export function tooMany(message: string, retryAfterMs: number): RelayError {
  return new RelayError('rate_limited', message, { retryAfterMs: Math.min(retryAfterMs, DAY) });
}

/** Creates the buckets of one kind. @param kind names it, for a store that keeps all of them. */
export type MakeBuckets = (kind: string, rate: { perSecond: number; burst: number }) => TokenBuckets;

export function createBudgets(limits: RelayLimits, make: MakeBuckets): Budgets {
  const buckets = (kind: string, perSecond: number, burst: number) => make(kind, { perSecond, burst });
  const addresses = buckets('address', limits.addressRequestsPerSecond, limits.addressRequestsBurst);
  const requests = buckets('request', limits.requestsPerSecond, limits.requestsBurst);
  const writes = buckets('write', limits.sendsPerSecond, limits.sendsBurst);
  const bytes = buckets('bytes', limits.sendBytesPerSecond, limits.sendBytesBurst);
  const frames = buckets('frame', limits.framesPerSecond, limits.framesBurst);
  const refusals = buckets('refusal', limits.framesPerSecond, limits.framesBurst);
  const signals = buckets('signal', limits.signalBytesPerSecond, limits.signalBytesBurst);
  const pings = buckets('ping', limits.framesPerSecond, limits.framesBurst);

  return {
    async fromAddress(address) {
      const wait = await addresses.take(address);
      if (wait > 0) throw tooMany('Too many requests from this address.', wait);
    },
    async request(userId, cost) {
      const wait = await requests.take(userId, cost);
      if (wait > 0) throw tooMany('Too many requests.', wait);
    },
    async write(userId, size = 0) {
      const [forWrite, forBytes] = await Promise.all([writes.take(userId), bytes.take(userId, size)]);
      const wait = Math.max(forWrite, forBytes);
      if (wait === 0) return;
      // Both or neither: a refusal by one must not use up the other.
      if (forWrite === 0) await writes.giveBack(userId);
      if (forBytes === 0) await bytes.giveBack(userId, size);
      throw tooMany('Too much at once: wait a moment.', wait);
    },
    async signal(userId, size) {
      const wait = await signals.take(userId, size);
      if (wait > 0) throw tooMany('Too many call signals.', wait);
    },
    async frame(userId, address) {
      const own = await frames.take(userId);
      // Traffic of others behind the same address must not close this user's socket.
      const wait = own > 0 ? own : await addresses.take(address);
      if (wait === 0) return { kind: 'served' };
      const isFlood = own > 0 && (await refusals.take(userId)) > 0;
      return { kind: isFlood ? 'flood' : 'refused', error: tooMany('Too many frames.', wait) };
    },
    ping: async (userId) => (await pings.take(userId)) === 0,
  };
}
