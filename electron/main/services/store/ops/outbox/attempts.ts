/** One attempt to send: what leaves is committed before the request, and how the request ended after it. */
import type { ErrorCode } from '#contract/model/errors.ts';
import type { SendEvent } from '#contract/model/send-state.ts';
import { type Changes, inTransaction } from '../../changes.ts';
import type { StoreContext } from '../../context.ts';
import { fileIds } from '../../file-rows.ts';
import type { ChangeSet } from '../../protocol.ts';
import { uploadsOf } from '../../upload-rows.ts';
import { findJob, moveJob, newestStored } from './rows.ts';

/** Before everything: the chat was empty. */
const NOWHERE = { id: null, at: -1, tie: '' };

/** An outgoing request: the message, and which attempt it is. */
export interface OutgoingRequest {
  localId: string;
  chatId: string;
  content: string;
  replyTo: string | null;
  files: string[];
  attempt: number;
}

/**
 * Takes a queued message out of the queue, in the caller's transaction: state, attempt and anchor are committed before
 * the request, so that a crash from here on is an unanswered send. Null when it is not queued.
 */
export function startAttempt(
  context: StoreContext,
  localId: string,
  now: number,
  changes: Changes,
): OutgoingRequest | null {
  const row = findJob(context, localId);
  if (!row || row.state !== 'queued') return null;
  const uploads = uploadsOf(context, localId);
  if (uploads.some(({ state }) => state !== 'ready')) return null;
  let files = fileIds(context, row.local_id, row.files);
  if (files.length === 0 && uploads.length > 0) {
    // From here on these are the message's files: a later attempt under the same key must send the same.
    files = uploads.flatMap(({ fileId }) => fileId ?? []);
    context.sql.run('UPDATE outbox SET files = ? WHERE local_id = ?', JSON.stringify(files), row.local_id);
  }
  moveJob(context, row, { type: 'attempt' }, { now }, changes);
  const anchor = newestStored(context, row.chat_id);
  // After an unanswered attempt the anchor stays: that attempt may still be stored, and must be found.
  if (row.unanswered === 0 && anchor) {
    context.sql.run(
      'UPDATE outbox SET anchor_id = ?, anchor_at = ?, anchor_tie = ? WHERE local_id = ?',
      anchor.id,
      anchor.at,
      anchor.tie,
      row.local_id,
    );
  }
  const isNoted = row.unanswered === 0 && (anchor !== undefined || files.length > 0);
  if (isNoted) context.journal.push({ kind: 'left', localId: row.local_id, anchor: anchor ?? NOWHERE, files });
  context.sql.run('UPDATE outbox SET attempt = attempt + 1 WHERE local_id = ?', row.local_id);
  return {
    localId: row.local_id,
    chatId: row.chat_id,
    content: row.content,
    replyTo: row.reply_to,
    files,
    attempt: row.attempt + 1,
  };
}

/** Takes a queued message out of the queue, in its own transaction. */
export function beginAttempt(
  context: StoreContext,
  input: { localId: string; now: number },
): { outgoing: OutgoingRequest | null; changes: ChangeSet } {
  let outgoing: OutgoingRequest | null = null;
  const changes = inTransaction(context, input.now, (changes) => {
    outgoing = startAttempt(context, input.localId, input.now, changes);
  });
  return { outgoing, changes };
}

/** How an attempt ended without the server's message. */
export type AttemptEnd = Exclude<SendEvent['type'], 'stored' | 'attempt' | 'auth_back' | 'resend'>;

/** Records the end of an attempt, or a decision on a message that waits. */
export function endAttempt(
  context: StoreContext,
  input: {
    localId: string;
    end: AttemptEnd;
    nextAt: number;
    /** How long it has been tried by now, in milliseconds; if omitted, as long as before. */
    tried?: number;
    problem: ErrorCode | null;
    now: number;
  },
): ChangeSet {
  return inTransaction(context, input.now, (changes) => {
    const row = findJob(context, input.localId);
    if (!row) return;
    const isUndecided = input.end === 'undecidable' || (input.end === 'expired' && row.unanswered > 0);
    moveJob(
      context,
      row,
      { type: input.end },
      {
        now: input.now,
        nextAt: input.nextAt,
        ...(input.tried === undefined ? {} : { tried: input.tried }),
        problem: input.problem,
        undecided: isUndecided,
      },
      changes,
    );
    if (input.end === 'no_answer' && row.state === 'sending')
      context.sql.run('UPDATE outbox SET unanswered = unanswered + 1 WHERE local_id = ?', input.localId);
  });
}
