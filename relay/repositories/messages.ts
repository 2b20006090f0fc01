/** Messages. Within a chat `createdAt` (milliseconds) is unique and grows, so it is the order. */
import type { Database } from '../storage/database.ts';
import { int, text, textOrNull, type Row } from '../storage/rows.ts';

export interface MessageRow {
  id: string;
  chatId: string;
  senderId: string;
  content: string;
  replyToId: string | null;
  clientId: string | null;
  createdAt: number;
}

function toMessage(row: Row): MessageRow {
  return {
    id: text(row, 'id'),
    chatId: text(row, 'chat_id'),
    senderId: text(row, 'sender_id'),
    content: text(row, 'content'),
    replyToId: textOrNull(row, 'reply_to_id'),
    clientId: textOrNull(row, 'client_id'),
    createdAt: int(row, 'created_at'),
  };
}

export type Messages = ReturnType<typeof createMessages>;

export function createMessages(database: Database) {
  const byId = database.prepare('SELECT * FROM messages WHERE id = ?');
  const byIds = database.prepare('SELECT m.* FROM json_each(?) wanted CROSS JOIN messages m ON m.id = wanted.value');
  const byKey = database.prepare('SELECT * FROM messages WHERE sender_id = ? AND client_id = ?');
  const insert = database.prepare(
    `INSERT INTO messages (id, chat_id, sender_id, content, reply_to_id, client_id, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const newest = database.prepare('SELECT * FROM messages WHERE chat_id = ? ORDER BY created_at DESC LIMIT ? OFFSET ?');
  const before = database.prepare(
    'SELECT * FROM messages WHERE chat_id = ? AND created_at < ? ORDER BY created_at DESC LIMIT ? OFFSET ?',
  );
  const after = database.prepare(
    'SELECT * FROM messages WHERE chat_id = ? AND created_at > ? ORDER BY created_at LIMIT ? OFFSET ?',
  );
  const sentBetween = database.prepare(
    `SELECT * FROM messages WHERE chat_id = ? AND sender_id = ? AND created_at > ? AND created_at <= ?
     ORDER BY created_at DESC LIMIT ?`,
  );
  const newestUpTo = database.prepare(
    'SELECT * FROM messages WHERE chat_id = ? AND created_at <= ? ORDER BY created_at DESC LIMIT 1',
  );
  const page = database.prepare('SELECT * FROM messages ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?');

  return {
    find(id: string): MessageRow | null {
      const row = byId.get(id);
      return row ? toMessage(row) : null;
    },
    /** Those that are there, in no order. */
    findAll: (ids: readonly string[]): MessageRow[] => byIds.all(JSON.stringify(ids)).map(toMessage),
    findByKey(senderId: string, clientId: string): MessageRow | null {
      const row = byKey.get(senderId, clientId);
      return row ? toMessage(row) : null;
    },
    insert(message: MessageRow): void {
      const { id, chatId, senderId, content, replyToId, clientId, createdAt } = message;
      insert.run(id, chatId, senderId, content, replyToId, clientId, createdAt);
    },
    newest: (chatId: string, limit: number, offset: number) => newest.all(chatId, limit, offset).map(toMessage),
    /** Newest first. */
    before: (chatId: string, at: number, limit: number, offset: number) =>
      before.all(chatId, at, limit, offset).map(toMessage),
    /** Oldest first. */
    after: (chatId: string, at: number, limit: number, offset: number) =>
      after.all(chatId, at, limit, offset).map(toMessage),
    /** What one person sent after `from` and up to `to`, newest first. */
    sentBetween: (chatId: string, senderId: string, from: number, to: number, limit: number) =>
      sentBetween.all(chatId, senderId, from, to, limit).map(toMessage),
    newestUpTo(chatId: string, at: number): MessageRow | null {
      const row = newestUpTo.get(chatId, at);
      return row ? toMessage(row) : null;
    },
    /** Over all chats, newest first. */
    page: (limit: number, offset: number) => page.all(limit, offset).map(toMessage),
  };
}
