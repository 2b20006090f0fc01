/** What the user may do with a message that has not been sent: cancel, discard, edit, resend. */
import type { MessageView } from '#contract/ipc/views.ts';
import { isWithdrawable, type SendState } from '#contract/model/send-state.ts';
import { changing, type Changes } from '../../changes.ts';
import type { StoreContext } from '../../context.ts';
import { storePending } from '../../file-rows.ts';
import { removeRow } from '../../message-rows.ts';
import type { ChangeSet } from '../../protocol.ts';
import { addTombstone } from '../../recovery/tombstones.ts';
import { messageViews, sendState } from '../../views.ts';
import { dropUploads, retryUploads } from './message-uploads.ts';
import { findJob, messageRow, moveJob, type OutboxRow } from './rows.ts';

/** The result of a command on an unsent message. `too_late`: the message has left, or may have. */
export type CommandResult =
  { done: true; changes: ChangeSet; view: MessageView | null } | { done: false; reason: 'not_found' | 'too_late' };

/** Runs one command if the message's state allows it. */
function command(
  context: StoreContext,
  localId: string,
  now: number,
  allowed: (row: OutboxRow, state: SendState) => boolean,
  work: (row: OutboxRow, changes: Changes) => void,
): CommandResult {
  const { result, changes } = changing(context, now, (changes) => {
    const row = findJob(context, localId);
    if (!row) return 'not_found';
    if (!allowed(row, sendState(row.state) ?? 'queued')) return 'too_late';
    work(row, changes);
    const message = messageRow(context, localId);
    return message === null ? null : (messageViews(context, [message])[0] ?? null);
  });
  return typeof result === 'string' ? { done: false, reason: result } : { done: true, changes, view: result };
}

function remove(context: StoreContext, row: OutboxRow, changes: Changes): void {
  const message = messageRow(context, row.local_id);
  if (message !== null) removeRow(context, message);
  dropUploads(context, row, changes);
  context.sql.run('DELETE FROM outbox WHERE local_id = ?', row.local_id);
  addTombstone(context, row.local_id);
  context.journal.push({ kind: 'ended', localId: row.local_id, serverId: null });
  changes.removed(row.chat_id, row.local_id);
}

/** True while it waits, and no request with it has ever ended without a clear answer. */
function neverLeft(row: OutboxRow, state: SendState): boolean {
  return isWithdrawable(state) && row.unanswered === 0;
}

/** Cancels a message that has not left. */
export function cancel(context: StoreContext, input: { localId: string; now: number }): CommandResult {
  return command(context, input.localId, input.now, neverLeft, (row, changes) => remove(context, row, changes));
}

/** Discards a failed message. */
export function discard(context: StoreContext, input: { localId: string; now: number }): CommandResult {
  return command(
    context,
    input.localId,
    input.now,
    (_row, state) => state === 'failed',
    (row, changes) => remove(context, row, changes),
  );
}

/** Stores the user's latest wording; in the journal too, since the database may lose its newest part. */
function noteWording(context: StoreContext, row: OutboxRow, text: string): void {
  const revision = row.revision + 1;
  context.sql.run('UPDATE outbox SET content = ?, revision = ? WHERE local_id = ?', text, revision, row.local_id);
  context.journal.push({ kind: 'changed', localId: row.local_id, text, revision });
}

/** Edits a message that has not left, or that the server refused: a refused one is sent again. */
export function edit(context: StoreContext, input: { localId: string; text: string; now: number }): CommandResult {
  return command(
    context,
    input.localId,
    input.now,
    (row, state) => neverLeft(row, state) || (state === 'failed' && row.unanswered === 0),
    (row, changes) => {
      noteWording(context, row, input.text);
      const message = messageRow(context, row.local_id);
      if (message !== null) {
        storePending(context, { row: message, chatId: row.chat_id, localId: row.local_id }, input.text);
        changes.message(row.chat_id, message);
      }
      if (row.state === 'failed') sendAgain(context, row, input.now, changes);
    },
  );
}

/** In the caller's transaction. Files that failed, or that the server may have refused, are sent again as well. */
export function sendAgain(context: StoreContext, row: OutboxRow, now: number, changes: Changes): void {
  retryUploads(context, row, changes);
  moveJob(context, row, { type: 'resend' }, { now, nextAt: now, tried: 0 }, changes);
}

/** Resends a failed or undecided message. */
export function resend(context: StoreContext, input: { localId: string; now: number }): CommandResult {
  return command(
    context,
    input.localId,
    input.now,
    (_row, state) => state === 'failed',
    (row, changes) => {
      noteWording(context, row, row.content);
      sendAgain(context, row, input.now, changes);
    },
  );
}
