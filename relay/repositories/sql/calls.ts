/** Calls, and the signals that are kept for their other side. */
import type { CallRow, CallSignalRow } from '../../records.ts';
import type { Calls } from '../ports.ts';
import type { Dialect, List, Tally } from './dialect.ts';
import { prepare, type Session } from './statement.ts';

const COLUMNS = [
  'id',
  'chat_id as chatId',
  'type',
  'status',
  'initiator_id as initiatorId',
  'callee_id as calleeId',
  'initiator_device as initiatorDevice',
  'callee_device as calleeDevice',
  'created_at as createdAt',
  'answered_at as answeredAt',
  'ended_at as endedAt',
  'seen_at as seenAt',
  'reason',
] as const;

const SIGNAL_COLUMNS = ['call_id as callId', 'user_id as userId', 'number', 'kind', 'body'] as const;

function prepareAll({ builder, isAmong }: Dialect) {
  const calls = builder.selectFrom('calls').select(COLUMNS);
  const open = calls.where('ended_at', 'is', null);
  const newest = calls.orderBy('created_at', 'desc').orderBy('id', 'desc');
  const signals = builder.selectFrom('call_signals').select(SIGNAL_COLUMNS);
  return {
    byId: prepare((p: { id: string }) => calls.where('id', '=', p.id)),
    openByInitiators: prepare((p: { ids: List }) => open.where(isAmong('initiator_id', p.ids))),
    openByCallees: prepare((p: { ids: List }) => open.where(isAmong('callee_id', p.ids))),
    ringing: prepare((p: { before: number; limit: number }) =>
      open.where('status', '=', 'ringing').where('created_at', '<=', p.before).orderBy('created_at').limit(p.limit),
    ),
    active: prepare((p: { after: number; limit: number }) =>
      open.where('status', '=', 'active').where('created_at', '>=', p.after).orderBy('created_at').limit(p.limit),
    ),
    byInitiator: prepare((p: { userId: string; before: number; limit: number }) =>
      newest.where('initiator_id', '=', p.userId).where('created_at', '<', p.before).limit(p.limit),
    ),
    byCallee: prepare((p: { userId: string; before: number; limit: number }) =>
      newest.where('callee_id', '=', p.userId).where('created_at', '<', p.before).limit(p.limit),
    ),
    insert: prepare((p: CallRow) =>
      builder.insertInto('calls').values({
        id: p.id,
        chat_id: p.chatId,
        type: p.type,
        status: p.status,
        initiator_id: p.initiatorId,
        callee_id: p.calleeId,
        initiator_device: p.initiatorDevice,
        callee_device: p.calleeDevice,
        created_at: p.createdAt,
        answered_at: p.answeredAt,
        ended_at: p.endedAt,
        seen_at: p.seenAt,
        reason: p.reason,
      }),
    ),
    update: prepare((p: CallRow) =>
      builder
        .updateTable('calls')
        .set({
          status: p.status,
          initiator_device: p.initiatorDevice,
          callee_device: p.calleeDevice,
          answered_at: p.answeredAt,
          ended_at: p.endedAt,
          seen_at: p.seenAt,
          reason: p.reason,
        })
        .where('id', '=', p.id),
    ),
    signalsOf: prepare((p: { callId: string; userId: string }) =>
      signals.where('call_id', '=', p.callId).where('user_id', '=', p.userId).orderBy('number'),
    ),
    keepSignal: prepare((p: CallSignalRow) =>
      builder
        .insertInto('call_signals')
        .values({ call_id: p.callId, user_id: p.userId, number: p.number, kind: p.kind, body: p.body })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    dropSignalsOf: prepare((p: { callId: string; userId: string }) =>
      builder.deleteFrom('call_signals').where('call_id', '=', p.callId).where('user_id', '=', p.userId),
    ),
    dropSignals: prepare((p: { callId: string }) => builder.deleteFrom('call_signals').where('call_id', '=', p.callId)),
  };
}

/** Prepares the statements; the result makes the repository for a session. */
export function callsOn(dialect: Dialect): (session: Session, tally: Tally) => Calls {
  const statements = prepareAll(dialect);
  return (session, tally) => ({
    async lock(userIds) {
      // In one order, so that no two writes wait for each other.
      for (const id of [...new Set(userIds)].sort()) await dialect.lockUser(session, id);
    },
    find: (id) => statements.byId.first(session, { id }),
    async openOf(userIds) {
      const ids = dialect.list(userIds);
      const made = await statements.openByInitiators.all(session, { ids });
      const got = await statements.openByCallees.all(session, { ids });
      return [...made, ...got.filter(({ id }) => !made.some((row) => row.id === id))];
    },
    ringing: (before, limit) => statements.ringing.all(session, { before, limit }),
    active: (after, limit) => statements.active.all(session, { after, limit }),
    async page(userId, before, limit) {
      const made = await statements.byInitiator.all(session, { userId, before, limit });
      const got = await statements.byCallee.all(session, { userId, before, limit });
      const isLater = (a: CallRow, b: CallRow): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
      return [...made, ...got].sort(isLater).slice(0, limit);
    },
    async insert(call) {
      await statements.insert.run(session, call);
      tally('calls', 1, call.createdAt);
    },
    update: async (call) => void (await statements.update.run(session, call)),
    signalsOf: (callId, userId) => statements.signalsOf.all(session, { callId, userId }),
    keepSignal: async (signal) => (await statements.keepSignal.run(session, signal)) > 0,
    dropSignals: async (callId, userId) =>
      void (userId === undefined
        ? await statements.dropSignals.run(session, { callId })
        : await statements.dropSignalsOf.run(session, { callId, userId })),
  });
}
