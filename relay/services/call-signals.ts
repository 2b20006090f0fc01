/**
 * The signals by which the two sides of a call find a way to each other. Each is kept until a newer description of the
 * same side takes its place: for the device that answers, and for one that was away for a moment.
 */
import type { ClientFrame } from '#contract/ws/client-frames.ts';
import { RelayError } from '../errors.ts';
import type { CallRow, CallSignalRow } from '../records.ts';
import type { Effects, Reads, Repositories, WriteQueue } from '../repositories/ports.ts';
import type { Budgets } from './budgets.ts';
import { deviceOf, otherSide, UNNAMED, type CallTelling } from './call-telling.ts';
import { callOf } from './calls.ts';

export type CallSignal = Extract<ClientFrame, { type: `call:${string}` }>;

/** The connection that a signal came from. */
export interface SignalSource {
  userId: string;
  /** Its own name among those of all nodes. */
  id: string;
  /** The name of its device, or `UNNAMED`. */
  device: string;
}

export interface CallSignalsOptions {
  reads: Pick<Reads, 'calls'>;
  queue: WriteQueue;
  telling: CallTelling;
  budgets: Pick<Budgets, 'signal'>;
}

/** Candidates that are kept with a description; a connection has a dozen or two. */
const MOST_KEPT = 64;

const KINDS = { 'call:offer': 'offer', 'call:answer': 'answer', 'call:ice-candidate': 'candidate' } as const;

/** What of a frame is forwarded: its fields as they came, and its number. */
function forwarded(frame: CallSignal, number: number): string {
  const { type, callId } = frame;
  switch (frame.type) {
    case 'call:offer':
      return JSON.stringify({ type, callId, offer: frame.offer, seq: number });
    case 'call:answer':
      return JSON.stringify({ type, callId, answer: frame.answer, seq: number });
    case 'call:ice-candidate':
      return JSON.stringify({ type, callId, candidate: frame.candidate, seq: number });
  }
}

/** @throws RelayError when this connection may not signal in the call. */
function checkHolder(row: CallRow, { userId, device }: SignalSource): void {
  if (row.endedAt !== null) throw new RelayError('conflict', 'The call is over.');
  if (row.status === 'ringing' && row.calleeId === userId) throw new RelayError('conflict', 'Answer the call first.');
  const holder = deviceOf(row, userId);
  if (holder !== null && holder !== device) throw new RelayError('forbidden', 'Another device is in this call.');
}

export type CallSignals = ReturnType<typeof createCallSignals>;

export function createCallSignals({ reads, queue, telling, budgets }: CallSignalsOptions) {
  /** The device did not name itself when it called or answered: the first that signals is the one. */
  async function bound(tx: Repositories, effects: Effects, row: CallRow, source: SignalSource): Promise<CallRow> {
    if (deviceOf(row, source.userId) !== null) return row;
    const isCaller = row.initiatorId === source.userId;
    const next = { ...row, ...(isCaller ? { initiatorDevice: source.device } : { calleeDevice: source.device }) };
    await tx.calls.update(next);
    if (!isCaller) {
      telling.answeredElsewhere(effects, next, [source.device === UNNAMED ? source.id : source.device]);
    }
    return next;
  }

  /** @returns what is to be forwarded; null for a signal that came before, or too late. */
  async function keep(tx: Repositories, userId: string, frame: CallSignal): Promise<{ body: string } | null> {
    const { callId } = frame;
    const kept = await tx.calls.signalsOf(callId, userId);
    const number = frame.seq ?? (kept.at(-1)?.number ?? -1) + 1;
    const [oldest] = kept;
    if (kept.some((signal) => signal.number === number) || (oldest && number < oldest.number)) return null;
    const signal: CallSignalRow = { callId, userId, number, kind: KINDS[frame.type], body: forwarded(frame, number) };
    // A description begins anew: the candidates of the one before are of no use.
    if (signal.kind !== 'candidate') await tx.calls.dropSignals(callId, userId);
    if (signal.kind !== 'candidate' || kept.length < MOST_KEPT) await tx.calls.keepSignal(signal);
    return signal;
  }

  return {
    /**
     * Takes a signal: forwards it to the other side's device, or keeps it until there is one.
     * @throws RelayError
     */
    async take(source: SignalSource, frame: CallSignal, bytes: number): Promise<void> {
      const { userId } = source;
      const known = await callOf(reads, userId, frame.callId);
      checkHolder(known, source);
      await budgets.signal(userId, bytes);
      await queue.run(async (tx, effects) => {
        await tx.calls.lock([known.initiatorId, known.calleeId]);
        const current = await callOf(tx, userId, frame.callId);
        checkHolder(current, source);
        const row = await bound(tx, effects, current, source);
        const signal = await keep(tx, userId, frame);
        if (signal && row.status === 'active') telling.signals(effects, row, otherSide(row, userId), [signal]);
      }, `call ${frame.callId} ${userId}`);
    },
  };
}
