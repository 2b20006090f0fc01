/** Reactions: one row per user, emoji and message. */
import type { ReactionRow } from '../../records.ts';
import type { Database } from '../../storage/database.ts';
import { int, text, type Row } from '../../storage/rows.ts';
import type { Reactions } from '../ports.ts';

function toReaction(row: Row): ReactionRow {
  return {
    id: text(row, 'id'),
    messageId: text(row, 'message_id'),
    userId: text(row, 'user_id'),
    emoji: text(row, 'emoji'),
    createdAt: int(row, 'created_at'),
  };
}

export function createReactions(database: Database): Reactions {
  const byId = database.prepare('SELECT * FROM reactions WHERE id = ?');
  const same = database.prepare('SELECT * FROM reactions WHERE message_id = ? AND user_id = ? AND emoji = ?');
  const ofMessages = database.prepare(
    `SELECT r.* FROM json_each(?) wanted CROSS JOIN reactions r ON r.message_id = wanted.value
     ORDER BY r.created_at, r.id`,
  );
  const insert = database.prepare(
    'INSERT INTO reactions (id, message_id, user_id, emoji, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = database.prepare('DELETE FROM reactions WHERE id = ?');
  const page = database.prepare('SELECT * FROM reactions ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?');
  const count = database.prepare('SELECT COUNT(*) AS n FROM reactions');

  return {
    find(id) {
      const row = byId.get(id);
      return row ? toReaction(row) : null;
    },
    findSame(messageId, userId, emoji) {
      const row = same.get(messageId, userId, emoji);
      return row ? toReaction(row) : null;
    },
    ofMessages: (messageIds) => ofMessages.all(JSON.stringify(messageIds)).map(toReaction),
    insert({ id, messageId, userId, emoji, createdAt }) {
      insert.run(id, messageId, userId, emoji, createdAt);
    },
    remove: (id) => void remove.run(id),
    page: (limit, offset) => page.all(limit, offset).map(toReaction),
    count() {
      const row = count.get();
      return row ? int(row, 'n') : 0;
    },
  };
}
