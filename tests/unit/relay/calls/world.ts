/** The services of calls on the relay's core: people, their devices by name, and what each device heard. */
import type { CallRow } from '../../../../relay/records.ts';
import { createCallSignals, type CallSignal } from '../../../../relay/services/call-signals.ts';
import { createCallSweep } from '../../../../relay/services/call-sweep.ts';
import { createCallTelling } from '../../../../relay/services/call-telling.ts';
import { createCalls } from '../../../../relay/services/calls.ts';
import { createRateLimiter } from '../../../../relay/services/rate-limiter.ts';
import { createCore } from '../core-world.ts';
import { ADAPTERS } from '../databases.ts';

export const RING_MS = 60_000;
export const GONE_MS = 30_000;

/** A frame as it was heard. */
export interface Frame {
  type: string;
  callId?: string;
  seq?: number;
  data?: { id: string; status?: string; reason?: string | null; duration?: number | null };
  [field: string]: unknown;
}

export interface Device {
  heard: Frame[];
  /** What was heard in short: the type, or how a call ended and why. */
  words(): string[];
  leave(): void;
}

const inWords = ({ type, data }: Frame): string =>
  type === 'call:ended' ? [data?.status, data?.reason].filter(Boolean).join(' ') : type.replace('call:', '');

export type CallsWorld = Awaited<ReturnType<typeof createCallsWorld>>;

/** Anna and boris share the chat `chat`, anna and clara `other`, boris and clara `third`. */
export async function createCallsWorld() {
  const [adapter] = ADAPTERS;
  if (!adapter) throw new Error('no database');
  const core = await createCore(adapter);
  const { reads, queue, now, hub } = core;
  await core.write(async (tx) => {
    await tx.chats.insertPair('other', 'anna', 'clara', now());
    await tx.chats.insertPair('third', 'boris', 'clara', now());
  });
  const telling = createCallTelling(core.bus);
  const calls = createCalls({
    ...{ reads, queue, telling, now },
    limits: { callRingMs: RING_MS },
    started: createRateLimiter(5, 60_000, now),
  });
  const spent: [userId: string, bytes: number][] = [];
  const signals = createCallSignals({
    ...{ reads, queue, telling },
    budgets: {
      async signal(userId, bytes) {
        spent.push([userId, bytes]);
        if (bytes > 1000) throw new Error('over budget');
      },
    },
  });
  const errors: unknown[] = [];
  const sweeps: { close(): void }[] = [];

  return {
    ...core,
    telling,
    calls,
    signals,
    spent,
    errors,
    /** Sweeps when it is told to, or every so many milliseconds. */
    sweep(more: { reads?: Pick<typeof reads, 'calls'>; everyMs?: number } = {}) {
      const sweep = createCallSweep({
        ...{ queue, telling, hub, now },
        reads: more.reads ?? reads,
        limits: { callRingMs: RING_MS, callGoneMs: GONE_MS, callSweepMs: more.everyMs ?? 3_600_000 },
        onError: (error) => errors.push(error),
      });
      sweeps.push(sweep);
      return sweep;
    },
    /** Connects a device of a person. */
    device(userId: string, name: string): Device {
      const heard: Frame[] = [];
      const connection = {
        send: (text: string): void => void heard.push(JSON.parse(text) as Frame),
        close: () => undefined,
        isNamed: (other: string) => other === name,
      };
      hub.add(userId, connection);
      return { heard, words: () => heard.map(inWords), leave: () => hub.remove(userId, connection) };
    },
    /** What a connection hears when it has just been made. */
    async greeted(userId: string, device: string): Promise<Frame[]> {
      const heard: Frame[] = [];
      await calls.connected(userId, device, { send: (text) => void heard.push(JSON.parse(text) as Frame) });
      return heard;
    },
    /** The code of the refusal, or nothing. */
    async refusal(attempt: Promise<unknown>): Promise<string | null> {
      return attempt.then(
        () => null,
        (error: unknown) => String((error as { code?: unknown }).code ?? error),
      );
    },
    /** Sends a signal from a device. */
    signal: (userId: string, device: string, frame: CallSignal, bytes = 10): Promise<void> =>
      signals.take({ userId, device, id: `connection of ${userId}` }, frame, bytes),
    /** Puts a call there that began at a time. */
    async placed(row: Partial<CallRow> & { id: string }): Promise<void> {
      const call: CallRow = {
        ...{ chatId: 'chat', type: 'audio', status: 'ringing', initiatorId: 'anna', calleeId: 'boris' },
        ...{ initiatorDevice: null, calleeDevice: null, createdAt: now(), answeredAt: null, endedAt: null },
        ...{ seenAt: now(), reason: null },
        ...row,
      };
      await core.write((tx) => tx.calls.insert(call));
    },
    stored: (id: string) => reads.calls.find(id),
    /** What is kept of a side's signals: their kinds and numbers. */
    kept: async (callId: string, userId: string): Promise<string[]> =>
      (await reads.calls.signalsOf(callId, userId)).map(({ kind, number }) => `${kind} ${String(number)}`),
    async close(): Promise<void> {
      for (const sweep of sweeps) sweep.close();
      await core.close();
    },
  };
}
