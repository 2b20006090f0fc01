/** Chats, their members, and the members' receipts. */
import { sql } from 'kysely';
import type { ChatPlace, Chats } from '../ports.ts';
import type { Dialect, List, Tally } from './dialect.ts';
import { prepare, type Session } from './statement.ts';

const CHAT = [
  'chats.id',
  'chats.created_at as createdAt',
  'chats.updated_at as updatedAt',
  'chats.last_message_id as lastMessageId',
  'chats.last_message_at as lastMessageAt',
  'chats.message_count as messageCount',
] as const;

const MEMBER = [
  'chat_id as chatId',
  'user_id as userId',
  'delivered_at as deliveredAt',
  'read_at as readAt',
  'unread',
] as const;

/** How far a chat was delivered, and how far it goes. */
const MARKS = [
  'chats.id',
  'm.active_at as updatedAt',
  'm.delivered_at as deliveredAt',
  'chats.last_message_at as upTo',
] as const;

interface Mark {
  chatId: string;
  userId: string;
  upTo: number;
}

function pairKey(a: string, b: string): string {
  return a < b ? `${a}:${b}` : `${b}:${a}`;
}

function prepareReads({ builder, isAmong }: Dialect) {
  const chats = builder.selectFrom('chats').select(CHAT);
  const members = builder.selectFrom('members').select(MEMBER);
  const ofUser = (userId: string) =>
    builder
      .selectFrom('members as m')
      .innerJoin('chats', 'chats.id', 'm.chat_id')
      .where('m.user_id', '=', userId)
      .orderBy('m.active_at', 'desc')
      .orderBy('m.chat_id', 'desc');
  const together = builder.selectFrom('members as m').innerJoin('members as o', 'o.chat_id', 'm.chat_id');
  return {
    byId: prepare((p: { id: string }) => chats.where('id', '=', p.id)),
    byPair: prepare((p: { key: string }) => chats.where('pair_key', '=', p.key)),
    byIds: prepare((p: { ids: List }) => chats.where(isAmong('id', p.ids))),
    idsOf: prepare((p: { userId: string }) =>
      builder
        .selectFrom('members')
        .select('chat_id as id')
        .where('user_id', '=', p.userId)
        .orderBy('active_at', 'desc')
        .orderBy('chat_id', 'desc'),
    ),
    firstOf: prepare((p: { userId: string; limit: number }) => ofUser(p.userId).select(CHAT).limit(p.limit)),
    nextOf: prepare((p: { userId: string; updatedAt: number; id: string; limit: number }) =>
      ofUser(p.userId)
        .select(CHAT)
        .where((eb) => eb(eb.refTuple('m.active_at', 'm.chat_id'), '<', eb.tuple(p.updatedAt, p.id)))
        .limit(p.limit),
    ),
    member: prepare((p: { chatId: string; userId: string }) =>
      members.where('chat_id', '=', p.chatId).where('user_id', '=', p.userId),
    ),
    members: prepare((p: { chatId: string }) => members.where('chat_id', '=', p.chatId).orderBy('user_id')),
    membersOfAll: prepare((p: { ids: List }) =>
      members.where(isAmong('chat_id', p.ids)).orderBy('chat_id').orderBy('user_id'),
    ),
    peersOf: prepare((p: { userId: string }) =>
      together
        .select('o.user_id as id')
        .distinct()
        .where('m.user_id', '=', p.userId)
        .whereRef('o.user_id', '<>', 'm.user_id'),
    ),
    sharesChat: prepare((p: { a: string; b: string }) =>
      together.select('m.chat_id').where('m.user_id', '=', p.a).where('o.user_id', '=', p.b).limit(1),
    ),
    firstMarks: prepare((p: { userId: string; limit: number }) => ofUser(p.userId).select(MARKS).limit(p.limit)),
    nextMarks: prepare((p: { userId: string; limit: number } & ChatPlace) =>
      ofUser(p.userId)
        .select(MARKS)
        .where((eb) => eb(eb.refTuple('m.active_at', 'm.chat_id'), '<', eb.tuple(p.updatedAt, p.id)))
        .limit(p.limit),
    ),
  };
}

/**
 * How many messages of the other one come after a time: all of theirs, without those up to that time. A message knows its
 * number in the chat and its number among its sender's, and in a chat of two the rest are the other one's; so whoever wrote
 * the last message up to that time, it tells how many of the other one's there were.
 */
function unreadAfter({ chatId, userId, upTo }: Mark) {
  return sql<number>`
    (select c.message_count from chats c where c.id = ${chatId}) - sent - coalesce((
      select case when m.sender_id = ${userId} then m.number - m.sender_number else m.sender_number end
      from messages m where m.chat_id = ${chatId} and m.created_at <= ${upTo} order by m.created_at desc limit 1), 0)`;
}

function prepareWrites({ builder }: Dialect) {
  return {
    insert: prepare((p: { id: string; key: string; at: number }) =>
      builder.insertInto('chats').values({ id: p.id, pair_key: p.key, created_at: p.at, updated_at: p.at }),
    ),
    insertMember: prepare((p: { chatId: string; userId: string; at: number }) =>
      builder.insertInto('members').values({ chat_id: p.chatId, user_id: p.userId, active_at: p.at }),
    ),
    added: prepare((p: { chatId: string; messageId: string; at: number }) =>
      builder
        .updateTable('chats')
        .set((eb) => ({
          updated_at: p.at,
          last_message_at: p.at,
          last_message_id: p.messageId,
          message_count: eb('message_count', '+', 1),
        }))
        .where('id', '=', p.chatId),
    ),
    memberAdded: prepare((p: { chatId: string; senderId: string; at: number }) =>
      builder
        .updateTable('members')
        .set(() => ({
          active_at: p.at,
          unread: sql<number>`unread + case when user_id = ${p.senderId} then 0 else 1 end`,
          sent: sql<number>`sent + case when user_id = ${p.senderId} then 1 else 0 end`,
        }))
        .where('chat_id', '=', p.chatId),
    ),
    // Watermarks only move forward.
    deliver: prepare((p: Mark) =>
      builder
        .updateTable('members')
        .set({ delivered_at: p.upTo })
        .where('chat_id', '=', p.chatId)
        .where('user_id', '=', p.userId)
        .where('delivered_at', '<', p.upTo),
    ),
    read: prepare((p: Mark) =>
      builder
        .updateTable('members')
        .set((eb) => ({
          read_at: p.upTo,
          delivered_at: eb.case().when('delivered_at', '>', p.upTo).then(eb.ref('delivered_at')).else(p.upTo).end(),
          unread: unreadAfter(p),
        }))
        .where('chat_id', '=', p.chatId)
        .where('user_id', '=', p.userId)
        .where('read_at', '<', p.upTo),
    ),
  };
}

/** Prepares the statements; the result makes the repository for a session. */
export function chatsOn(dialect: Dialect): (session: Session, tally: Tally) => Chats {
  const reads = prepareReads(dialect);
  const writes = prepareWrites(dialect);
  return (session, tally) => ({
    find: (id) => reads.byId.first(session, { id }),
    findPair: (a, b) => reads.byPair.first(session, { key: pairKey(a, b) }),
    idsOf: async (userId) => (await reads.idsOf.all(session, { userId })).map(({ id }) => id),
    page: (userId, after, limit) =>
      after ? reads.nextOf.all(session, { userId, ...after, limit }) : reads.firstOf.all(session, { userId, limit }),
    async findAll(ids) {
      const rows = await reads.byIds.all(session, { ids: dialect.list(ids) });
      const found = new Map(rows.map((row) => [row.id, row]));
      return ids.flatMap((id) => found.get(id) ?? []);
    },
    member: (chatId, userId) => reads.member.first(session, { chatId, userId }),
    members: (chatId) => reads.members.all(session, { chatId }),
    membersOfAll: (chatIds) => reads.membersOfAll.all(session, { ids: dialect.list(chatIds) }),
    peersOf: async (userId) => (await reads.peersOf.all(session, { userId })).map(({ id }) => id),
    sharesChat: async (a, b) => (await reads.sharesChat.first(session, { a, b })) !== null,
    async undelivered(userId, after, limit) {
      const rows = after
        ? await reads.nextMarks.all(session, { userId, ...after, limit })
        : await reads.firstMarks.all(session, { userId, limit });
      const found = rows
        .filter(({ deliveredAt, upTo }) => deliveredAt < upTo)
        .map(({ id, upTo }) => ({ chatId: id, upTo }));
      return { found, last: rows.length < limit ? null : (rows.at(-1) ?? null) };
    },
    lock: (ids) => dialect.lockChats(session, ids),
    async insertPair(id, a, b, at) {
      await writes.insert.run(session, { id, key: pairKey(a, b), at });
      await writes.insertMember.run(session, { chatId: id, userId: a, at });
      await writes.insertMember.run(session, { chatId: id, userId: b, at });
      tally('chats', 1, at);
    },
    async messageAdded(chatId, messageId, senderId, at) {
      await writes.added.run(session, { chatId, messageId, at });
      await writes.memberAdded.run(session, { chatId, senderId, at });
    },
    markDelivered: async (chatId, userId, upTo) => (await writes.deliver.run(session, { chatId, userId, upTo })) > 0,
    markRead: async (chatId, userId, upTo) => (await writes.read.run(session, { chatId, userId, upTo })) > 0,
  });
}
