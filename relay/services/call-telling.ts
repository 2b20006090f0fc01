/** What the two sides of a call are told, and which of their devices. */
import type { Call, CALL_REASONS } from '#contract/api/call.ts';
import type { User } from '#contract/api/user.ts';
import type { Audience, Bus } from '../delivery/ports.ts';
import type { CallRow, CallSignalRow, UserRow } from '../records.ts';
import type { Effects, Reads } from '../repositories/ports.ts';
import { iso, publicUser } from './views.ts';

/** Stands for the devices that do not name themselves. */
export const UNNAMED = '';

/** Seconds that were talked; null when nobody answered. */
function durationOf({ answeredAt, endedAt }: CallRow): number | null {
  return answeredAt === null || endedAt === null ? null : Math.max(0, Math.round((endedAt - answeredAt) / 1000));
}

/** Only the fields that a ring needs. */
function caller(row: UserRow): User {
  const { id, username, firstName, lastName, avatarUrl } = publicUser(row);
  return { id, username, firstName, lastName, avatarUrl };
}

export function callView(row: CallRow, initiator: UserRow): Call {
  return {
    id: row.id,
    chatId: row.chatId,
    type: row.type,
    status: row.status,
    initiator: caller(initiator),
    startedAt: row.answeredAt === null ? null : iso(row.answeredAt),
    endedAt: row.endedAt === null ? null : iso(row.endedAt),
    duration: durationOf(row),
    createdAt: iso(row.createdAt),
    reason: row.reason,
  };
}

/** The views of calls, with those who made them. */
export async function callViews(from: Pick<Reads, 'users'>, rows: readonly CallRow[]): Promise<Call[]> {
  const people = await from.users.findAllEver([...new Set(rows.map(({ initiatorId }) => initiatorId))]);
  return rows.flatMap((row) => {
    const initiator = people.find(({ id }) => id === row.initiatorId);
    return initiator ? [callView(row, initiator)] : [];
  });
}

export function incomingFrame(row: CallRow, initiator: UserRow): string {
  const data = { id: row.id, chatId: row.chatId, type: row.type, initiator: caller(initiator) };
  return JSON.stringify({ type: 'call:incoming', data });
}

export function otherSide(row: CallRow, userId: string): string {
  return row.initiatorId === userId ? row.calleeId : row.initiatorId;
}

/** The device that holds a side; null while nobody knows. */
export function deviceOf(row: CallRow, userId: string): string | null {
  return row.initiatorId === userId ? row.initiatorDevice : row.calleeDevice;
}

export type CallTelling = ReturnType<typeof createCallTelling>;

export function createCallTelling(bus: Pick<Bus, 'publish'>) {
  /** After the commit. */
  function tell(effects: Effects, userIds: readonly string[], text: string, audience?: Audience): void {
    effects.after(() => bus.publish(userIds, () => text, undefined, audience));
  }

  return {
    /** Rings on all devices of the callee. */
    incoming(effects: Effects, row: CallRow, initiator: UserRow): void {
      tell(effects, [row.calleeId], incomingFrame(row, initiator));
    },
    /** The call is over, for everybody. */
    ended(effects: Effects, row: CallRow): void {
      const data = {
        id: row.id,
        chatId: row.chatId,
        status: row.status,
        duration: durationOf(row),
        reason: row.reason,
      };
      tell(effects, [row.initiatorId, row.calleeId], JSON.stringify({ type: 'call:ended', data }));
    },
    /** Another device answered: the rest of the callee's stop ringing. @param except names those that go on. */
    answeredElsewhere(effects: Effects, row: CallRow, except: readonly string[]): void {
      const reason: (typeof CALL_REASONS)[number] = 'elsewhere';
      const data = { id: row.id, chatId: row.chatId, status: 'ended', reason };
      tell(effects, [row.calleeId], JSON.stringify({ type: 'call:ended', data }), { except });
    },
    /** Hands signals of the other side to the device that holds this one. */
    signals(effects: Effects, row: CallRow, userId: string, signals: readonly Pick<CallSignalRow, 'body'>[]): void {
      const only = deviceOf(row, userId) ?? UNNAMED;
      for (const { body } of signals) tell(effects, [userId], body, { only });
    },
  };
}
