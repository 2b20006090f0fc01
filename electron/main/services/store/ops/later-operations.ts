/**
 * Messages that are sent later. One that is due moves into the outbox in one transaction, under the id that it has had
 * from the beginning: it is in one of the two, never in both.
 */
import type { LaterView } from '#contract/ipc/later-schemas.ts';
import type { MessageView } from '#contract/ipc/views.ts';
import { changing } from '../changes.ts';
import type { StoreContext } from '../context.ts';
import type { ChangeSet } from '../protocol.ts';
import { enqueue } from './outbox/queue.ts';
import { idOrNull, momentOrNull, text } from '../values.ts';
import { findJob, messageRow } from './outbox/rows.ts';

type LaterRow = { local_id: string; chat_id: string; text: string; reply_to: string | null; due_at: number | null };

const toView = (row: LaterRow): LaterView => ({
  localId: row.local_id,
  chatId: row.chat_id,
  text: text(row.text),
  replyTo: idOrNull(row.reply_to),
  at: momentOrNull(row.due_at),
});

/** All of them, in the order in which they are due; those that wait for somebody come last. */
export function laterMessages(context: StoreContext, _input: Record<never, never>): LaterView[] {
  return context.sql
    .all<LaterRow>(
      'SELECT local_id, chat_id, text, reply_to, due_at FROM later ORDER BY due_at IS NULL, due_at, local_id',
    )
    .map(toView);
}

/** Keeps a message for later; the draft that it was is gone. Null if there is no such chat, or too many wait. */
export function addLater(
  context: StoreContext,
  input: LaterView & { most: number; now: number },
): { view: LaterView; changes: ChangeSet } | null {
  const { result, changes } = changing(context, input.now, (changes) => {
    const { localId, chatId, text, replyTo, at } = input;
    if (!context.sql.get('SELECT id FROM chats WHERE id = ?', chatId)) return null;
    const waiting = context.sql.get<{ n: number }>('SELECT count(*) AS n FROM later');
    if ((waiting?.n ?? 0) >= input.most) return null;
    context.sql.run(
      'INSERT INTO later (local_id, chat_id, text, reply_to, due_at) VALUES (?, ?, ?, ?, ?)',
      ...[localId, chatId, text, replyTo, at],
    );
    context.sql.run('DELETE FROM drafts WHERE chat_id = ?', chatId);
    changes.chat(chatId);
    return { localId, chatId, text, replyTo, at };
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

/** False when it does not wait any more. */
export function removeLater(context: StoreContext, input: { localId: string }): boolean {
  return context.sql.run('DELETE FROM later WHERE local_id = ?', input.localId) > 0;
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
      state,
      writtenAt,
      draft: 'stays',
      now,
    });
    return queued ? { view: queued.view, changes: queued.changes } : null;
  });
}
