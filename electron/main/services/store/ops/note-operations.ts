/** Notes that a person keeps for themselves. They live in this store alone: the server has no chat with oneself. */
import type { NoteView } from '#contract/ipc/note-schemas.ts';
import type { StoreContext } from '../context.ts';
import { idOrNull, moment, text } from '../values.ts';

type NoteRow = {
  id: string;
  text: string;
  chat_id: string | null;
  message_id: string | null;
  sender: string | null;
  created_at: number;
};

function toView(row: NoteRow): NoteView {
  const chatId = idOrNull(row.chat_id);
  const messageId = idOrNull(row.message_id);
  return {
    id: row.id,
    text: text(row.text),
    source: chatId !== null && messageId !== null ? { chatId, messageId, senderName: text(row.sender) } : null,
    createdAt: moment(row.created_at),
  };
}

/** All of them, newest first. */
export function notes(context: StoreContext, _input: Record<never, never>): NoteView[] {
  return context.sql
    .all<NoteRow>(
      'SELECT id, text, chat_id, message_id, sender, created_at FROM notes ORDER BY created_at DESC, id DESC',
    )
    .map(toView);
}

/** Keeps a note; null when there are `most` already. The sender's name is that of the message as it is known here. */
export function addNote(
  context: StoreContext,
  input: { id: string; text: string; source: { chatId: string; messageId: string } | null; most: number; now: number },
): NoteView | null {
  return context.sql.transaction(() => {
    const { id, source, most, now } = input;
    const kept = context.sql.get<{ n: number }>('SELECT count(*) AS n FROM notes');
    if ((kept?.n ?? 0) >= most) return null;
    const sender = source
      ? context.sql.get<{ name: string }>(
          `SELECT coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username) AS name
           FROM messages m JOIN users u ON u.id = m.sender_id WHERE m.id = ? AND m.chat_id = ?`,
          source.messageId,
          source.chatId,
        )
      : null;
    const row: NoteRow = {
      ...{ id, text: input.text, created_at: now, sender: sender?.name ?? null },
      chat_id: source?.chatId ?? null,
      message_id: source?.messageId ?? null,
    };
    context.sql.run(
      'INSERT INTO notes (id, text, chat_id, message_id, sender, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      ...[row.id, row.text, row.chat_id, row.message_id, row.sender, row.created_at],
    );
    return toView(row);
  });
}

/** False when it is not there. */
export function changeNote(context: StoreContext, input: { id: string; text: string }): boolean {
  return context.sql.run('UPDATE notes SET text = ? WHERE id = ?', input.text, input.id) > 0;
}

/** False when it is not there. */
export function removeNote(context: StoreContext, input: { id: string }): boolean {
  return context.sql.run('DELETE FROM notes WHERE id = ?', input.id) > 0;
}
