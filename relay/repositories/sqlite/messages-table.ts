/** Messages. Within a chat `createdAt` (milliseconds) is unique and increasing, so it defines the order. */
import type { MessageRow } from '../../records.ts';
import type { Database } from '../../storage/database.ts';
import { int, text, textOrNull, type Row } from '../../storage/rows.ts';
import type { Messages } from '../ports.ts';

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

export function createMessages(database: Database): Messages {
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
    find(id) {
      const row = byId.get(id);
      return row ? toMessage(row) : null;
    },
    findAll: (ids) => byIds.all(JSON.stringify(ids)).map(toMessage),
    findByKey(senderId, clientId) {
      const row = byKey.get(senderId, clientId);
      return row ? toMessage(row) : null;
    },
    insert(message) {
      const { id, chatId, senderId, content, replyToId, clientId, createdAt } = message;
      insert.run(id, chatId, senderId, content, replyToId, clientId, createdAt);
    },
    newest: (chatId, limit, offset) => newest.all(chatId, limit, offset).map(toMessage),
    before: (chatId, at, limit, offset) => before.all(chatId, at, limit, offset).map(toMessage),
    after: (chatId, at, limit, offset) => after.all(chatId, at, limit, offset).map(toMessage),
    sentBetween: (chatId, senderId, from, to, limit) =>
      sentBetween.all(chatId, senderId, from, to, limit).map(toMessage),
    newestUpTo(chatId, at) {
      const row = newestUpTo.get(chatId, at);
      return row ? toMessage(row) : null;
    },
    page: (limit, offset) => page.all(limit, offset).map(toMessage),
  };
}
