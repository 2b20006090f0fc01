/**
 * The outbox's rows: a job and its message always change together, in the caller's transaction.
 */
import type { ErrorCode } from '#contract/model/errors.ts';
import { PENDING_BASE } from '#contract/model/message-order.ts';
import { isServerStatus, nextSendState, type SendEvent, type SendState } from '#contract/model/send-state.ts';
import type { Changes } from '../../changes.ts';
import type { StoreContext } from '../../context.ts';
import { noteState } from '../../message-rows.ts';
import { sendState } from '../../views.ts';

/** A job as stored. */
export type OutboxRow = {
  local_id: string;
  account: string;
  chat_id: string;
  seq: number;
  content: string;
  reply_to: string | null;
  files: string;
  state: string;
  attempt: number;
  unanswered: number;
  next_at: number;
  server_id: string | null;
  queued_at: number;
  revision: number;
};

/** The columns of an `OutboxRow`. */
export const COLUMNS =
  'local_id, account, chat_id, seq, content, reply_to, files, state, attempt, unanswered, next_at, server_id, queued_at, revision';

/** The job of a message of this account. */
export function findJob(context: StoreContext, localId: string): OutboxRow | undefined {
  return context.sql.get<OutboxRow>(
    `SELECT ${COLUMNS} FROM outbox WHERE local_id = ? AND account = ?`,
    localId,
    context.account,
  );
}

/** The row of the message that a job sends; null when it is gone. */
export function messageRow(context: StoreContext, localId: string): number | null {
  return context.sql.get<{ row: number }>('SELECT row FROM messages WHERE local_id = ?', localId)?.row ?? null;
}

/**
 * How long a message has been tried, in milliseconds. `queued_at` and `next_at` are always written together, from the
 * same reading of a clock, so their difference is a duration that no later setting of that clock can change.
 */
export function triedFor(row: Pick<OutboxRow, 'next_at' | 'queued_at'>): number {
  return Math.max(0, row.next_at - row.queued_at);
}

/**
 * Applies one event of the send state to job and message, and adds the message to the changes.
 * @returns the state after it.
 */
export function moveJob(
  context: StoreContext,
  row: OutboxRow,
  event: SendEvent,
  facts: { now: number; nextAt?: number; tried?: number; problem?: ErrorCode | null; undecided?: boolean },
  changes: Changes,
): SendState {
  const from = sendState(row.state) ?? 'queued';
  const to = nextSendState(from, event);
  // An echo was faster than the end of its request: the server has the message, and nothing is wrong with it.
  if (isServerStatus(from)) return from;
  context.sql.run(
    'UPDATE outbox SET state = ?, next_at = ?, queued_at = ? WHERE local_id = ?',
    to,
    facts.nextAt ?? row.next_at,
    facts.nextAt === undefined ? row.queued_at : facts.now - (facts.tried ?? triedFor(row)),
    row.local_id,
  );
  context.sql.run(
    'UPDATE messages SET state = ?, problem = ?, undecided = ? WHERE local_id = ?',
    to,
    facts.problem ?? null,
    Number(facts.undecided ?? false),
    row.local_id,
  );
  const message = messageRow(context, row.local_id);
  if (message !== null) {
    if (to !== from) noteState(context, message, to, facts.now);
    changes.message(row.chat_id, message);
  }
  if (to === 'failed' && from !== 'failed') changes.failed(row.local_id, facts.problem ?? 'internal');
  return to;
}

/** The newest message of the chat that the server has, as known here: what is stored later comes after it. */
export function newestStored(
  context: StoreContext,
  chatId: string,
): { id: string; at: number; tie: string } | undefined {
  return context.sql.get(
    `SELECT id, at, tie FROM messages WHERE chat_id = ? AND at < ${PENDING_BASE} AND id IS NOT NULL ORDER BY at DESC, tie DESC LIMIT 1`,
    chatId,
  );
}
