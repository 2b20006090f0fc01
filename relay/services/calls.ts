/**
 * Calls between the two members of a chat.
 *
 * ringing -> active (answered) -> ended; ringing -> rejected, cancelled or missed. A person has one open call at most.
 * Who calls while the other one's call rings in the same chat answers it, so that two who call each other at once are in
 * one call. A call belongs to one device of each side: the one that called, and the first that answered. Everything that
 * decides is in the database, and every change of it locks both people, so that it holds on any number of nodes.
 */
import type { AnswerCallBody, Call, InitiateCallBody, RejectCallBody } from '#contract/api/call.ts';
import type { Connection } from '../delivery/ports.ts';
import { RelayError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { RelayLimits } from '../limits.ts';
import type { CallRow, CallStatus, UserRow } from '../records.ts';
import type { Effects, Reads, Repositories, WriteQueue } from '../repositories/ports.ts';
import { tooMany } from './budgets.ts';
import { callViews, deviceOf, incomingFrame, otherSide, UNNAMED, type CallTelling } from './call-telling.ts';
import type { RateLimiter } from './ports.ts';

export interface CallsOptions {
  reads: Reads;
  queue: WriteQueue;
  telling: CallTelling;
  limits: Pick<RelayLimits, 'callRingMs'>;
  /** Calls that one person starts. */
  started: RateLimiter;
  now: () => number;
}

/** Calls per answer when nobody says how many. */
const PAGE = 50;
/** Milliseconds in which a call to somebody who is busy counts as the same one. */
const AGAIN_MS = 10_000;

const noCall = (): RelayError => new RelayError('not_found', 'There is no such call.');
const wrongState = (message: string): RelayError => new RelayError('conflict', message);

/** The call, if the user is on one of its sides. @throws RelayError */
export async function callOf(from: Pick<Reads, 'calls'>, userId: string, callId: string): Promise<CallRow> {
  const row = await from.calls.find(callId);
  if (!row) throw noCall();
  if (row.initiatorId !== userId && row.calleeId !== userId) {
    throw new RelayError('forbidden', 'You are not a member of this call.');
  }
  return row;
}

/** Ends a call within a write that has locked both people. @param at milliseconds. */
export async function finish(
  tx: Repositories,
  effects: Effects,
  telling: CallTelling,
  row: CallRow,
  end: { status: CallStatus; at: number; reason?: 'busy' },
): Promise<CallRow> {
  const ended = { ...row, status: end.status, endedAt: end.at, reason: end.reason ?? null };
  await tx.calls.update(ended);
  await tx.calls.dropSignals(row.id);
  telling.ended(effects, ended);
  return ended;
}

export type Calls = ReturnType<typeof createCalls>;

export function createCalls({ reads, queue, telling, limits, started, now }: CallsOptions) {
  async function shown(tx: Repositories, row: CallRow): Promise<Call> {
    const [view] = await callViews(tx, [row]);
    if (!view) throw noCall();
    return view;
  }

  /** The other member of a chat. @throws RelayError */
  async function peerIn(userId: string, chatId: string): Promise<string> {
    if (!(await reads.chats.find(chatId))) throw new RelayError('not_found', 'There is no such chat.');
    const members = await reads.chats.members(chatId);
    const peer = members.find((member) => member.userId !== userId);
    if (!peer || !members.some((member) => member.userId === userId)) {
      throw new RelayError('forbidden', 'You are not a member of this chat.');
    }
    return peer.userId;
  }

  async function answered(tx: Repositories, effects: Effects, row: CallRow, device: string | null): Promise<CallRow> {
    const at = now();
    const active: CallRow = { ...row, status: 'active', answeredAt: at, seenAt: at, calleeDevice: device };
    await tx.calls.update(active);
    telling.answeredElsewhere(effects, active, [device ?? UNNAMED]);
    telling.signals(effects, active, row.calleeId, await tx.calls.signalsOf(row.id, row.initiatorId));
    return active;
  }

  /** The open calls of both; one that rang too long ends here, should the sweep not have been there yet. */
  async function openOf(tx: Repositories, effects: Effects, userIds: readonly string[]): Promise<CallRow[]> {
    const open = await tx.calls.openOf(userIds);
    const isOver = (row: CallRow): boolean => row.status === 'ringing' && row.createdAt + limits.callRingMs <= now();
    for (const row of open.filter(isOver)) await finish(tx, effects, telling, row, { status: 'missed', at: now() });
    return open.filter((row) => !isOver(row));
  }

  /** The callee is in another call: they see later who called. Once, also when the caller's device asks again. */
  async function missed(tx: Repositories, effects: Effects, row: CallRow): Promise<void> {
    const { chatId, initiatorId, initiatorDevice: device, createdAt: at } = row;
    const [last] = await tx.calls.page(initiatorId, at + 1, 1);
    const isSame = last?.reason === 'busy' && last.chatId === chatId && last.initiatorDevice === device;
    if (isSame && at - last.createdAt < AGAIN_MS) return;
    const over: CallRow = { ...row, status: 'rejected', endedAt: at, reason: 'busy' };
    await tx.calls.insert(over);
    telling.ended(effects, over);
  }

  async function placed(
    tx: Repositories,
    effects: Effects,
    user: UserRow,
    peer: string,
    { chatId, type, device: given }: InitiateCallBody,
  ): Promise<{ row: CallRow; created: boolean } | 'busy'> {
    const device = given ?? null;
    await tx.calls.lock([user.id, peer]);
    const open = await openOf(tx, effects, [user.id, peer]);
    const here = open.find((row) => row.chatId === chatId);
    if (here?.status === 'ringing' && here.calleeId === user.id) {
      return { row: await answered(tx, effects, here, device), created: false };
    }
    // Asked again, since the answer was lost.
    if (here && device !== null && deviceOf(here, user.id) === device) return { row: here, created: false };
    const at = now();
    const row: CallRow = {
      ...{ id: newId(), chatId, type, status: 'ringing', initiatorId: user.id, calleeId: peer },
      ...{ initiatorDevice: device, calleeDevice: null, createdAt: at, answeredAt: null, endedAt: null },
      ...{ seenAt: at, reason: null },
    };
    if (open.length > 0) {
      const isOwn = open.some(({ initiatorId, calleeId }) => initiatorId === user.id || calleeId === user.id);
      if (!isOwn) await missed(tx, effects, row);
      return 'busy';
    }
    await tx.calls.insert(row);
    telling.incoming(effects, row, user);
    return { row, created: true };
  }

  /** Changes a call of the user, with both of its people locked. */
  function change(
    userId: string,
    callId: string,
    step: (tx: Repositories, effects: Effects, row: CallRow) => Promise<CallRow>,
  ): Promise<Call> {
    return queue.run(async (tx, effects) => {
      const { initiatorId, calleeId } = await callOf(tx, userId, callId);
      await tx.calls.lock([initiatorId, calleeId]);
      return shown(tx, await step(tx, effects, await callOf(tx, userId, callId)));
    });
  }

  return {
    /**
     * Starts a call; answers the one that rings from the other side of the same chat instead. `created` false: it was
     * there before.
     * @throws RelayError
     */
    async initiate(user: UserRow, body: InitiateCallBody): Promise<{ call: Call; created: boolean }> {
      const peer = await peerIn(user.id, body.chatId);
      const wait = await started.take(user.id);
      if (wait > 0) throw tooMany('Too many calls: wait a moment.', wait);
      const outcome = await queue.run(async (tx, effects) => {
        const made = await placed(tx, effects, user, peer, body);
        return made === 'busy' ? made : { call: await shown(tx, made.row), created: made.created };
      });
      // After the commit: the record of it stays.
      if (outcome === 'busy') throw new RelayError('busy', 'One of you is in another call.');
      return outcome;
    },
    /** The first device that answers gets the call. @throws RelayError */
    answer(user: UserRow, callId: string, body: AnswerCallBody): Promise<Call> {
      const device = body?.device ?? null;
      return change(user.id, callId, async (tx, effects, row) => {
        if (row.status === 'ringing' && row.calleeId === user.id) return answered(tx, effects, row, device);
        const isRepeated = row.status === 'active' && device !== null && row.calleeDevice === device;
        if (isRepeated && row.calleeId === user.id) return row;
        throw wrongState('The call does not ring for you.');
      });
    },
    /** @throws RelayError */
    reject(user: UserRow, callId: string, body: RejectCallBody): Promise<Call> {
      return change(user.id, callId, async (tx, effects, row) => {
        if (row.status !== 'ringing' || row.calleeId !== user.id) throw wrongState('The call does not ring for you.');
        const reason = body?.reason === undefined ? {} : { reason: body.reason };
        return finish(tx, effects, telling, row, { status: 'rejected', at: now(), ...reason });
      });
    },
    /** Hangs up; a call that still rings is cancelled by its caller, or rejected. @throws RelayError */
    end(user: UserRow, callId: string): Promise<Call> {
      return change(user.id, callId, async (tx, effects, row) => {
        if (row.endedAt !== null) throw wrongState('The call is over.');
        const unanswered: CallStatus = row.initiatorId === user.id ? 'cancelled' : 'rejected';
        const status = row.status === 'active' ? 'ended' : unanswered;
        return finish(tx, effects, telling, row, { status, at: now() });
      });
    },
    /** One's own calls, newest first. @param page.before milliseconds since the epoch. */
    async history(
      userId: string,
      {
        limit = PAGE,
        offset = 0,
        before = Number.MAX_SAFE_INTEGER,
      }: {
        limit?: number | undefined;
        offset?: number | undefined;
        before?: number | undefined;
      },
    ): Promise<Call[]> {
      const rows = await reads.calls.page(userId, before, offset + limit);
      return callViews(reads, rows.slice(offset));
    },
    /**
     * Somebody has just connected: their phone rings if it should, and a device that is back in its call gets what the
     * other side has sent.
     */
    async connected(userId: string, device: string, connection: Pick<Connection, 'send'>): Promise<void> {
      for (const row of await reads.calls.openOf([userId])) {
        const peer = otherSide(row, userId);
        if (row.status === 'ringing' && row.calleeId === userId && row.createdAt + limits.callRingMs > now()) {
          const [initiator] = await reads.users.findAllEver([peer]);
          if (initiator) connection.send(incomingFrame(row, initiator));
        } else if (row.status === 'active' && device !== UNNAMED && deviceOf(row, userId) === device) {
          for (const { body } of await reads.calls.signalsOf(row.id, peer)) connection.send(body);
        }
      }
    },
  };
}
