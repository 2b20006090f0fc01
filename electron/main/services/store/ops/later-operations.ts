/**
 * Messages that are sent later. One that is due moves into the outbox in one transaction, under the id that it has had
 * from the beginning: it is in one of the two, never in both.
 */
import type { LaterView } from '#contract/ipc/later-schemas.ts';
import type { MessageView } from '#contract/ipc/views.ts';
import { fileKind } from '#contract/model/media-types.ts';
import { changing } from '../changes.ts';
import type { StoreContext } from '../context.ts';
import type { ChangeSet } from '../protocol.ts';
import { deleteUploads, type UploadRecord, uploadsOf, uploadsWhere } from '../upload-rows.ts';
import { freeUploads, holdUploads } from './outbox/message-uploads.ts';
import { enqueue } from './outbox/queue.ts';
import { idOrNull, momentOrNull, text } from '../values.ts';
import { findJob, messageRow } from './outbox/rows.ts';

type LaterRow = { local_id: string; chat_id: string; text: string; reply_to: string | null; due_at: number | null };

const toView = (row: LaterRow, uploads: readonly UploadRecord[]): LaterView => ({
  localId: row.local_id,
  chatId: row.chat_id,
  text: text(row.text),
  replyTo: idOrNull(row.reply_to),
  files: uploads.map(({ id, name, size, mimeType, voice }) => ({ id, name, size, kind: fileKind(mimeType), voice })),
  at: momentOrNull(row.due_at),
});

/** All of them, in the order in which they are due; those that wait for somebody come last. */
export function laterMessages(context: StoreContext, _input: Record<never, never>): LaterView[] {
  const rows = context.sql.all<LaterRow>(
    'SELECT local_id, chat_id, text, reply_to, due_at FROM later ORDER BY due_at IS NULL, due_at, local_id',
  );
  if (rows.length === 0) return [];
  const held = uploadsWhere(context, 'local_id IN (SELECT local_id FROM later) AND aside_for IS NULL');
  const byMessage = Map.groupBy(held, ({ localId }) => localId);
  return rows.map((row) => toView(row, byMessage.get(row.local_id) ?? []));
}

/**
 * Keeps a message for later, with its files; the draft that it was is gone. Null if there is no such chat, too many wait,
 * or a file is not in its composer.
 */
export function addLater(
  context: StoreContext,
  input: Omit<LaterView, 'files'> & { uploads?: string[] | undefined; most: number; now: number },
): { view: LaterView; changes: ChangeSet } | null {
  const { result, changes } = changing(context, input.now, (changes) => {
    const { localId, chatId, text, replyTo, at } = input;
    if (!context.sql.get('SELECT id FROM chats WHERE id = ?', chatId)) return null;
    const waiting = context.sql.get<{ n: number }>('SELECT count(*) AS n FROM later');
    if ((waiting?.n ?? 0) >= input.most) return null;
    if (!holdUploads(context, input, changes)) return null;
    context.sql.run(
      'INSERT INTO later (local_id, chat_id, text, reply_to, due_at) VALUES (?, ?, ?, ?, ?)',
      ...[localId, chatId, text, replyTo, at],
    );
    context.sql.run('DELETE FROM drafts WHERE chat_id = ?', chatId);
    changes.chat(chatId);
    const row = { local_id: localId, chat_id: chatId, text, reply_to: replyTo, due_at: at };
    return toView(row, uploadsOf(context, localId));
  });
  return result ? { view: result, changes } : null;
}

/** Changes the text, and the time unless `at` is omitted; false when it does not wait any more. */
export function changeLater(
  context: StoreContext,
  input: { localId: string; text: string; at?: number | null },
): boolean {
  const { localId, text, at } = input;
  const done = context.sql.run('UPDATE later SET text = ? WHERE local_id = ?', text, localId);
  if (at !== undefined) context.sql.run('UPDATE later SET due_at = ? WHERE local_id = ?', at, localId);
  return done > 0;
}

/** Removes one with its files; null when it does not wait any more. */
export function removeLater(context: StoreContext, input: { localId: string; now: number }): ChangeSet | null {
  const { localId, now } = input;
  const { result, changes } = changing(context, now, (changes) => {
    const row = context.sql.get<{ chat_id: string }>('SELECT chat_id FROM later WHERE local_id = ?', localId);
    if (!row) return false;
    context.sql.run('DELETE FROM later WHERE local_id = ?', localId);
    if (uploadsOf(context, localId).length > 0) changes.uploads(row.chat_id);
    deleteUploads(context, 'local_id = ?', localId);
    return true;
  });
  return result ? changes : null;
}

/** Moves one into the outbox; null when it does not wait any more, or is there already. What is being written stays. */
export function releaseLater(
  context: StoreContext,
  input: { localId: string; state: 'queued' | 'waiting_auth'; writtenAt: number; now: number },
): { view: MessageView; changes: ChangeSet } | null {
  return context.sql.transaction(() => {
    const { localId, state, writtenAt, now } = input;
    const row = context.sql.get<LaterRow>(
      'SELECT local_id, chat_id, text, reply_to, due_at FROM later WHERE local_id = ?',
      localId,
    );
    if (!row) return null;
    context.sql.run('DELETE FROM later WHERE local_id = ?', localId);
    // A damaged store may have come back as it was before, while the journal knew of the sending.
    if (findJob(context, localId) || messageRow(context, localId) !== null) return null;
    const { chat_id: chatId, text, reply_to: replyTo } = row;
    const queued = enqueue(context, {
      localId,
      chatId,
      text,
      replyTo,
      files: [],
      uploads: freeUploads(context, localId),
      state,
      writtenAt,
      draft: 'stays',
      now,
    });
    return queued ? { view: queued.view, changes: queued.changes } : null;
  });
}
