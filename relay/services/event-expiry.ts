/**
 * Removes events whose time is over. Whoever gets new events has their old ones removed with them; this is for those who
 * get none: everybody is looked at from time to time, a few at once.
 */
import type { Reads, WriteQueue } from '../repositories/ports.ts';
import type { Turns } from '../turns.ts';

export interface EventExpiryOptions {
  reads: Pick<Reads, 'events'>;
  queue: WriteQueue;
  turns: Turns;
  /** How long events are kept, in milliseconds. */
  keepMs: number;
  /** Milliseconds between two rounds. */
  everyMs: number;
  now: () => number;
  /** Called when a round broke off; the next one begins anew. */
  onError: (error: unknown) => void;
}

export interface EventExpiry {
  /** Looks at everybody once. @returns the number of events removed. */
  sweep(): Promise<number>;
  /** Ends a round that is under way, and begins no other. */
  close(): void;
}

/** Users looked at per turn, and events removed per write. */
const USERS_AT_ONCE = 500;
const EVENTS_AT_ONCE = 500;

export function createEventExpiry(options: EventExpiryOptions): EventExpiry {
  const { reads, queue, turns, keepMs, everyMs, now, onError } = options;
  let isClosed = false;

  async function expire(userId: string, before: number): Promise<number> {
    let removed = 0;
    for (let more = true; more && !isClosed;) {
      const count = await queue.run((tx) => tx.events.expire(userId, before, EVENTS_AT_ONCE));
      removed += count;
      more = count === EVENTS_AT_ONCE;
    }
    return removed;
  }

  async function sweep(): Promise<number> {
    const before = now() - keepMs;
    let removed = 0;
    for (let after: string | null = ''; after !== null && !isClosed;) {
      await turns.next();
      const { found, last }: { found: string[]; last: string | null } = await reads.events.expired(
        after,
        before,
        USERS_AT_ONCE,
      );
      for (const userId of found) removed += await expire(userId, before);
      after = last;
    }
    return removed;
  }

  let isSweeping = false;
  async function round(): Promise<void> {
    if (isSweeping) return;
    isSweeping = true;
    try {
      await sweep();
    } catch (error) {
      onError(error);
    } finally {
      isSweeping = false;
    }
  }
  const timer = setInterval(() => void round(), everyMs).unref();

  return {
    sweep,
    close() {
      isClosed = true;
      clearInterval(timer);
    },
  };
}
