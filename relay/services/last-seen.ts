/**
 * When people were last there. Those who go in the same moment (a proxy restarts, a cable is pulled) are written together,
 * so many in one write: thousands of writes of one row each would hold up everybody else's.
 */
import type { LateWrites, WriteQueue } from '../repositories/ports.ts';
import type { Turns } from '../turns.ts';

/** People per write: bounds how long one blocks the event loop. */
const AT_ONCE = 100;

export interface LastSeenOptions {
  queue: WriteQueue;
  /** A full disk loses none of them: they are written later. */
  late: LateWrites;
  turns: Turns;
}

export interface LastSeen {
  /** @param at milliseconds since the epoch. */
  note(userId: string, at: number): void;
  /** Resolves when what was noted has been written, or refused and kept for later. */
  settled(): Promise<void>;
}

export function createLastSeen({ queue, late, turns }: LastSeenOptions): LastSeen {
  let noted = new Map<string, number>();
  /** Somebody was noted since the last write was made up. */
  let isNew = false;
  let writing: Promise<void> | null = null;

  const keep = (userId: string, at: number): void =>
    void noted.set(userId, Math.max(at, noted.get(userId) ?? Number.NEGATIVE_INFINITY));

  async function store(people: readonly (readonly [userId: string, at: number])[]): Promise<void> {
    try {
      await queue.run(async (tx) => {
        for (const [userId, at] of people) await tx.users.setSeen(userId, at);
      });
    } catch (error) {
      for (const [userId, at] of people) keep(userId, at);
      throw error;
    }
  }

  async function writeNoted(): Promise<void> {
    await turns.next();
    const all = [...noted];
    noted = new Map();
    isNew = false;
    const parts: Promise<void>[] = [];
    for (let start = 0; start < all.length; start += AT_ONCE) parts.push(store(all.slice(start, start + AT_ONCE)));
    // All of them end before one that failed is told of: what it had is among the noted again.
    const failed = (await Promise.allSettled(parts)).find((part) => part.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async function writeAll(): Promise<void> {
    while (isNew) await late.attempt('seen', 0, writeNoted);
    writing = null;
  }

  return {
    note(userId, at) {
      keep(userId, at);
      isNew = true;
      writing ??= writeAll();
    },
    settled: () => writing ?? Promise.resolve(),
  };
}
