/**
 * Ends the calls that nobody ends: those that rang too long, and those whose devices have all been gone for a while. Every
 * node notes which devices it sees; what it finds is decided in the database, so any number of nodes may look.
 */
import type { Hub } from '../delivery/ports.ts';
import type { RelayLimits } from '../limits.ts';
import type { CallRow } from '../records.ts';
import type { Effects, Reads, Repositories, WriteQueue } from '../repositories/ports.ts';
import type { CallTelling } from './call-telling.ts';
import { finish } from './calls.ts';

export interface CallSweepOptions {
  reads: Pick<Reads, 'calls'>;
  queue: WriteQueue;
  telling: CallTelling;
  /** The connections of this node. */
  hub: Pick<Hub, 'has' | 'hasNamed'>;
  limits: Pick<RelayLimits, 'callRingMs' | 'callGoneMs' | 'callSweepMs'>;
  now: () => number;
  onError: (error: unknown) => void;
}

/** Calls looked at per read. */
const AT_ONCE = 200;
/** A device is noted as seen so many times within the time after which it counts as gone. */
const NOTES = 3;

export function createCallSweep({ reads, queue, telling, hub, limits, now, onError }: CallSweepOptions) {
  const { callRingMs, callGoneMs, callSweepMs } = limits;
  let isClosed = false;
  let isRunning = false;
  let lookedAt = Number.NEGATIVE_INFINITY;

  /** Changes a call if it still is as it was found. */
  async function change(
    found: CallRow,
    step: (tx: Repositories, effects: Effects, row: CallRow) => Promise<unknown>,
  ): Promise<void> {
    await queue.run(async (tx, effects) => {
      await tx.calls.lock([found.initiatorId, found.calleeId]);
      const row = await tx.calls.find(found.id);
      if (row && row.status === found.status && row.seenAt === found.seenAt) await step(tx, effects, row);
    });
  }

  const miss = (found: CallRow): Promise<void> =>
    change(found, (tx, effects, row) => finish(tx, effects, telling, row, { status: 'missed', at: now() }));

  function isHere({ initiatorId, initiatorDevice, calleeId, calleeDevice }: CallRow): boolean {
    const side = (userId: string, device: string | null): boolean =>
      device === null ? hub.has(userId) : hub.hasNamed(userId, device);
    return side(initiatorId, initiatorDevice) || side(calleeId, calleeDevice);
  }

  async function look(found: CallRow): Promise<void> {
    const since = now() - found.seenAt;
    if (isHere(found)) {
      if (since >= callGoneMs / NOTES) await change(found, (tx, _, row) => tx.calls.update({ ...row, seenAt: now() }));
    } else if (since >= callGoneMs) {
      // It lasted as long as somebody was there.
      await change(found, (tx, effects, row) => finish(tx, effects, telling, row, { status: 'ended', at: row.seenAt }));
    }
  }

  /** Every call that runs. */
  async function eachActive(step: (row: CallRow) => Promise<void>): Promise<void> {
    const done = new Set<string>();
    for (let after = 0, more = true; more && !isClosed;) {
      const rows = await reads.calls.active(after, AT_ONCE);
      const fresh = rows.filter(({ id }) => !done.has(id));
      for (const row of fresh) {
        done.add(row.id);
        await step(row);
      }
      after = rows.at(-1)?.createdAt ?? after;
      more = rows.length === AT_ONCE && fresh.length > 0;
    }
  }

  async function sweep(): Promise<void> {
    for (const row of await reads.calls.ringing(now() - callRingMs, AT_ONCE)) await miss(row);
    if (now() - lookedAt < callGoneMs / NOTES) return;
    lookedAt = now();
    await eachActive(look);
  }

  async function round(): Promise<void> {
    if (isRunning || isClosed) return;
    isRunning = true;
    try {
      await sweep();
    } catch (error) {
      if (!isClosed) onError(error);
    } finally {
      isRunning = false;
    }
  }
  const timer = setInterval(() => void round(), callSweepMs).unref();

  return {
    sweep,
    /**
     * After a start: calls that run go on, since their sound takes another way, and their devices get time to come back.
     * @param isAlone no other node uses this database: nobody can be ringing any more.
     */
    async resume(isAlone: boolean): Promise<void> {
      await eachActive((found) => change(found, (tx, _, row) => tx.calls.update({ ...row, seenAt: now() })));
      if (!isAlone) return;
      for (let rows = await reads.calls.ringing(now(), AT_ONCE); rows.length > 0 && !isClosed;) {
        for (const row of rows) await miss(row);
        rows = await reads.calls.ringing(now(), AT_ONCE);
      }
    },
    close(): void {
      isClosed = true;
      clearInterval(timer);
    },
  };
}
