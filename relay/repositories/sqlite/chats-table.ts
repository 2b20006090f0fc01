/** Chats, their members, and the members' receipts. */
import type { ChatRow, MemberRow } from '../../records.ts';
import type { Database } from '../../storage/database.ts';
import { int, text, textOrNull, type Row } from '../../storage/rows.ts';
import type { Chats } from '../ports.ts';

function toChat(row: Row): ChatRow {
  return {
    id: text(row, 'id'),
    createdAt: int(row, 'created_at'),
    updatedAt: int(row, 'updated_at'),
    lastMessageId: textOrNull(row, 'last_message_id'),
    lastMessageAt: int(row, 'last_message_at'),
    messageCount: int(row, 'message_count'),
  };
}

function toMember(row: Row): MemberRow {
  return {
    chatId: text(row, 'chat_id'),
    userId: text(row, 'user_id'),
    deliveredAt: int(row, 'delivered_at'),
    readAt: int(row, 'read_at'),
    unread: int(row, 'unread'),
  };
}

function pairKey(a: string, b: string): string {
  return a < b ? `${a}:${b}` : `${b}:${a}`;
}

export function createChats(database: Database): Chats {
  const byId = database.prepare('SELECT * FROM chats WHERE id = ?');
  const byPair = database.prepare('SELECT * FROM chats WHERE pair_key = ?');
  const insert = database.prepare('INSERT INTO chats (id, pair_key, created_at, updated_at) VALUES (?, ?, ?, ?)');
  const insertMember = database.prepare('INSERT INTO members (chat_id, user_id, active_at) VALUES (?, ?, ?)');
  const idsOfUser = database.prepare(
    'SELECT chat_id FROM members WHERE user_id = ? ORDER BY active_at DESC, chat_id DESC',
  );
  const firstOfUser = database.prepare(
    `SELECT c.* FROM members m JOIN chats c ON c.id = m.chat_id WHERE m.user_id = ?
     ORDER BY m.active_at DESC, m.chat_id DESC LIMIT ?`,
  );
  const nextOfUser = database.prepare(
    `SELECT c.* FROM members m JOIN chats c ON c.id = m.chat_id
     WHERE m.user_id = ? AND (m.active_at, m.chat_id) < (?, ?) ORDER BY m.active_at DESC, m.chat_id DESC LIMIT ?`,
  );
  const byIds = database.prepare(
    'SELECT c.* FROM json_each(?) wanted CROSS JOIN chats c ON c.id = wanted.value ORDER BY wanted.key',
  );
  const member = database.prepare('SELECT * FROM members WHERE chat_id = ? AND user_id = ?');
  const members = database.prepare('SELECT * FROM members WHERE chat_id = ? ORDER BY user_id');
  const membersOfAll = database.prepare(
    `SELECT m.* FROM json_each(?) wanted CROSS JOIN members m ON m.chat_id = wanted.value
     ORDER BY m.chat_id, m.user_id`,
  );
  const peers = database.prepare(
    `SELECT DISTINCT o.user_id FROM members m JOIN members o ON o.chat_id = m.chat_id
     WHERE m.user_id = ? AND o.user_id <> m.user_id`,
  );
  const sharesChat = database.prepare(
    `SELECT 1 FROM members m JOIN members o ON o.chat_id = m.chat_id WHERE m.user_id = ? AND o.user_id = ? LIMIT 1`,
  );
  const undelivered = database.prepare(
    `SELECT c.id, c.last_message_at FROM members m JOIN chats c ON c.id = m.chat_id
     WHERE m.user_id = ? AND m.delivered_at < c.last_message_at`,
  );
  const added = database.prepare(
    `UPDATE chats SET updated_at = ?, last_message_at = ?, last_message_id = ?, message_count = message_count + 1
     WHERE id = ?`,
  );
  const memberAdded = database.prepare(
    'UPDATE members SET active_at = ?, unread = unread + (user_id <> ?) WHERE chat_id = ?',
  );
  // Watermarks only move forward.
  const deliver = database.prepare(
    'UPDATE members SET delivered_at = ? WHERE chat_id = ? AND user_id = ? AND delivered_at < ?',
  );
  const read = database.prepare(
    `UPDATE members SET read_at = ?1, delivered_at = MAX(delivered_at, ?1),
       unread = (SELECT COUNT(*) FROM messages WHERE chat_id = ?2 AND created_at > ?1 AND sender_id <> ?3)
     WHERE chat_id = ?2 AND user_id = ?3 AND read_at < ?1`,
  );
  const totals = database.prepare('SELECT COUNT(*) AS chats, COALESCE(SUM(message_count), 0) AS messages FROM chats');

  return {
    find(id) {
      const row = byId.get(id);
      return row ? toChat(row) : null;
    },
    findPair(a, b) {
      const row = byPair.get(pairKey(a, b));
      return row ? toChat(row) : null;
    },
    insertPair(id, a, b, at) {
      insert.run(id, pairKey(a, b), at, at);
      insertMember.run(id, a, at);
      insertMember.run(id, b, at);
    },
    idsOf: (userId) => idsOfUser.all(userId).map((row) => text(row, 'chat_id')),
    page(userId, after, limit) {
      const rows = after ? nextOfUser.all(userId, after.updatedAt, after.id, limit) : firstOfUser.all(userId, limit);
      return rows.map(toChat);
    },
    findAll: (ids) => byIds.all(JSON.stringify(ids)).map(toChat),
    member(chatId, userId) {
      const row = member.get(chatId, userId);
      return row ? toMember(row) : null;
    },
    members: (chatId) => members.all(chatId).map(toMember),
    membersOfAll: (chatIds) => membersOfAll.all(JSON.stringify(chatIds)).map(toMember),
    peersOf: (userId) => peers.all(userId).map((row) => text(row, 'user_id')),
    sharesChat: (a, b) => sharesChat.get(a, b) !== undefined,
    undelivered: (userId) =>
      undelivered.all(userId).map((row) => ({ chatId: text(row, 'id'), upTo: int(row, 'last_message_at') })),
    messageAdded(chatId, messageId, senderId, at) {
      added.run(at, at, messageId, chatId);
      memberAdded.run(at, senderId, chatId);
    },
    markDelivered: (chatId, userId, upTo) => deliver.run(upTo, chatId, userId, upTo) > 0,
    markRead: (chatId, userId, upTo) => read.run(upTo, chatId, userId) > 0,
    totals() {
      const row = totals.get();
      return row ? { chats: int(row, 'chats'), messages: int(row, 'messages') } : { chats: 0, messages: 0 };
    },
  };
}
