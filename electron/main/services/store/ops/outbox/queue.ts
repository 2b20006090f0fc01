/**
 * What waits to be sent: written, taken in order, retried, held back while signed out. Every operation is one
 * transaction: message and job change together or not at all, and the page receives only what has been committed.
 */
import type { MessageView } from '#contract/ipc/views.ts';
import { pendingPosition } from '#contract/model/message-order.ts';
import { holdsBackLater, type SendEvent, type SendState } from '#contract/model/send-state.ts';
import { changing, inTransaction } from '../../changes.ts';
import type { StoreContext } from '../../context.ts';
import { indexMessage, kindsOf } from '../../index-rows.ts';
import { noteState } from '../../message-rows.ts';
import { copyAttachments } from '../../file-rows.ts';
import { freeRow } from '../../place.ts';
import type { ChangeSet } from '../../protocol.ts';
import { stagedPart, uploadsOf, waitingForFiles } from '../../upload-rows.ts';
import { messageViews, sendState } from '../../views.ts';
import { takeUploads } from './message-uploads.ts';
import { type OutgoingRequest, startAttempt } from './attempts.ts';
import { COLUMNS, moveJob, newestStored, triedFor, type OutboxRow } from './rows.ts';

/** The oldest unfinished message of a chat: the next to be sent, or the one the others wait for. */
export interface OutboxHead {
  localId: string;
  chatId: string;
  state: SendState;
  /** For display only: a wall clock may jump. */
  nextAt: number;
  /** Milliseconds for which it had been tried when its last attempt was recorded. */
  tried: number;
  unanswered: number;
}

/** True when it waits for no file, and nothing written earlier in the chat is still to be sent. */
function isFirst(context: StoreContext, chatId: string, localId: string): boolean {
  const waiting = waitingForFiles(context);
  if (waiting.includes(localId)) return false;
  const earlier = context.sql.get(
    `SELECT 1 FROM outbox WHERE chat_id = ? AND account = ? AND local_id <> ?
       AND state NOT IN ('sent', 'delivered', 'read') AND state <> 'failed'
       AND local_id NOT IN (SELECT value FROM json_each(?)) LIMIT 1`,
    chatId,
    context.account,
    localId,
    JSON.stringify(waiting),
  );
  return earlier === undefined;
}

/**
 * Stores the message and its job. The bubble may be shown once this has returned. With `mayLeave`, a message that has
 * nothing to wait for leaves the queue in the same commit: then `outgoing` is to be sent. Null if there is no such
 * chat, or an upload is not in its composer.
 */
export function enqueue(
  context: StoreContext,
  input: {
    localId: string;
    chatId: string;
    text: string;
    replyTo: string | null;
    files: string[];
    /** Uploads of the chat's composer, in order. */
    uploads?: string[];
    state: 'queued' | 'waiting_auth';
    /** When it was written, by the server's clock if that is known; if omitted, now. */
    writtenAt?: number;
    mayLeave?: boolean;
    /** `stays`: it was written earlier, and the draft is another one. */
    draft?: 'stays';
    now: number;
  },
): { view: MessageView; outgoing: OutgoingRequest | null; changes: ChangeSet } | null {
  const { result, changes } = changing(context, input.now, (changes) => {
    if (!context.sql.get('SELECT id FROM chats WHERE id = ?', input.chatId)) return null;
    if (!takeUploads(context, input, changes)) return null;
    const uploads = uploadsOf(context, input.localId);
    const last = context.sql.get<{ seq: number | null }>(
      'SELECT max(seq) AS seq FROM outbox WHERE chat_id = ?',
      input.chatId,
    );
    const seq = (last?.seq ?? 0) + 1;
    const anchor = newestStored(context, input.chatId);
    context.sql.run(
      `INSERT INTO outbox (local_id, account, chat_id, seq, content, reply_to, files, state, next_at, anchor_id, anchor_at, anchor_tie, written_at, queued_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      input.localId,
      context.account,
      input.chatId,
      seq,
      input.text,
      input.replyTo,
      JSON.stringify(input.files),
      input.state,
      input.now,
      anchor?.id ?? null,
      anchor?.at ?? -1,
      anchor?.tie ?? '',
      input.now,
      input.now,
    );
    // Among the server's times it must not be older than the message it was written after, whatever this computer's
    // clock says.
    const writtenAt = Math.max(input.writtenAt ?? input.now, anchor?.at ?? 0);
    const made = freeRow(context.sql, writtenAt);
    const place = pendingPosition(seq, input.localId);
    const types = uploads.map(({ mimeType }) => mimeType).concat(copyAttachments(context, made, input.files));
    const kinds = kindsOf(input.text, types);
    context.sql.run(
      `INSERT INTO messages (row, key, local_id, chat_id, at, tie, sender_id, mine, content, created_at, reply_to, files, kinds, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)`,
      made,
      input.localId,
      input.localId,
      input.chatId,
      place.at,
      place.tie,
      context.me,
      input.text,
      writtenAt,
      input.replyTo,
      types.length,
      kinds,
      input.state,
    );
    indexMessage(context, { row: made, content: input.text, chatId: input.chatId, senderId: context.me, kinds });
    noteState(context, made, input.state, input.now);
    if (input.draft !== 'stays') context.sql.run('DELETE FROM drafts WHERE chat_id = ?', input.chatId);
    context.journal.push({
      kind: 'written',
      account: context.account,
      localId: input.localId,
      chatId: input.chatId,
      text: input.text,
      replyTo: input.replyTo,
      files: input.files,
      uploads: uploads.map(stagedPart),
      anchor: { id: anchor?.id ?? null, at: anchor?.at ?? -1, tie: anchor?.tie ?? '' },
      writtenAt: input.now,
      revision: 0,
    });
    changes.message(input.chatId, made);
    const leaves = input.mayLeave === true && isFirst(context, input.chatId, input.localId);
    const outgoing = leaves ? startAttempt(context, input.localId, input.now, changes) : null;
    const [view] = messageViews(context, [made]);
    return view ? { view, outgoing } : null;
  });
  return result ? { ...result, changes } : null;
}

/** More than any `seq`. */
const LATER = 2 ** 40;

/**
 * For each chat, the first message that is neither stored nor failed and waits for no file. One that may have arrived
 * comes first: those before it waited for their files while it left.
 */
export function outboxHeads(context: StoreContext, _input: Record<never, never>): OutboxHead[] {
  const rows = context.sql.all<OutboxRow>(
    `SELECT ${COLUMNS.split(', ')
      .map((column) => `o.${column}`)
      .join(', ')} FROM outbox o JOIN (
       SELECT chat_id, min(CASE WHEN state IN ('sending', 'unknown') THEN seq ELSE seq + ${LATER} END) % ${LATER} AS first
       FROM outbox
       WHERE state NOT IN ('sent', 'delivered', 'read') AND state <> 'failed' AND account = ?
         AND local_id NOT IN (SELECT value FROM json_each(?)) GROUP BY chat_id
     ) h ON h.chat_id = o.chat_id AND h.first = o.seq ORDER BY o.written_at`,
    context.account,
    JSON.stringify(waitingForFiles(context)),
  );
  return rows.flatMap((row) => {
    const state = sendState(row.state) ?? 'queued';
    if (!holdsBackLater(state)) return [];
    const { local_id: localId, chat_id: chatId, next_at: nextAt, unanswered } = row;
    return [{ localId, chatId, state, nextAt, tried: triedFor(row), unanswered }];
  });
}

/** At start: a send that was in flight when the app ended is unanswered; what waited may go at once. */
export function recoverOutbox(context: StoreContext, input: { now: number; settleMs: number }): ChangeSet {
  return inTransaction(context, input.now, (changes) => {
    const rows = context.sql.all<OutboxRow>(
      `SELECT ${COLUMNS} FROM outbox WHERE state = 'sending' AND account = ?`,
      context.account,
    );
    for (const row of rows) {
      moveJob(context, row, { type: 'no_answer' }, { now: input.now }, changes);
      context.sql.run('UPDATE outbox SET unanswered = unanswered + 1 WHERE local_id = ?', row.local_id);
    }
    const rebase = (state: SendState, nextAt: number): void => {
      context.sql.run(
        'UPDATE outbox SET queued_at = ? - max(0, next_at - queued_at), next_at = ? WHERE state = ?',
        input.now,
        nextAt,
        state,
      );
    };
    rebase('queued', input.now);
    rebase('unknown', input.now + input.settleMs);
  });
}

/** Retry now: the network is back, and messages do not wait for their next attempt any longer. */
export function retryOutboxNow(context: StoreContext, input: { now: number }): null {
  context.sql.run(
    `UPDATE outbox SET queued_at = ? - max(0, next_at - queued_at), next_at = ? WHERE state = 'queued' AND next_at > ?`,
    input.now,
    input.now,
    input.now,
  );
  return null;
}

/** The token expired, or is valid again: everything that waits changes together. */
export function switchAuth(context: StoreContext, input: { lost: boolean; now: number }): ChangeSet {
  return inTransaction(context, input.now, (changes) => {
    const from = input.lost ? 'queued' : 'waiting_auth';
    const rows = context.sql.all<OutboxRow>(
      `SELECT ${COLUMNS} FROM outbox WHERE state = ? AND account = ?`,
      from,
      context.account,
    );
    for (const row of rows) {
      const event: SendEvent = { type: input.lost ? 'auth_lost' : 'auth_back' };
      moveJob(
        context,
        row,
        event,
        { now: input.now, nextAt: input.now, problem: input.lost ? 'unauthenticated' : null },
        changes,
      );
    }
  });
}
