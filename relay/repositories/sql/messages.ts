/** Messages. Within a chat `createdAt` (milliseconds) is unique and increasing, so it defines the order. */
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { MessageRow } from '../../records.ts';
import type { Messages } from '../ports.ts';
import type { Dialect, List, Tally } from './dialect.ts';
import { prepare, type Session } from './statement.ts';
import { prepareTimeList, timeList } from './time-list.ts';

const COLUMNS = [
  'id',
  'chat_id as chatId',
  'sender_id as senderId',
  'content',
  'reply_to_id as replyToId',
  'client_id as clientId',
  'created_at as createdAt',
] as const;

interface Slice {
  chatId: string;
  limit: number;
  offset: number;
}

/** In the order of their numbers, which is that of their times: from a number on, none is passed over to get there. */
function prepareHistory({ builder }: Dialect) {
  const ofChat = (chatId: string) => builder.selectFrom('messages').select(COLUMNS).where('chat_id', '=', chatId);
  const number = (chatId: string, isIn: RawBuilder<SqlBool>) => sql<number>`coalesce((
    select m.number from messages m where m.chat_id = ${chatId} and ${isIn} order by m.created_at desc limit 1), 0)`;
  return {
    newest: prepare((p: Slice) =>
      ofChat(p.chatId)
        .where('number', '<=', sql<number>`(select message_count from chats where id = ${p.chatId}) - ${p.offset}`)
        .orderBy('number', 'desc')
        .limit(p.limit),
    ),
    before: prepare((p: Slice & { at: number }) =>
      ofChat(p.chatId)
        .where('number', '<=', sql<number>`${number(p.chatId, sql`m.created_at < ${p.at}`)} - ${p.offset}`)
        .orderBy('number', 'desc')
        .limit(p.limit),
    ),
    after: prepare((p: Slice & { at: number }) =>
      ofChat(p.chatId)
        .where('number', '>', sql<number>`${number(p.chatId, sql`m.created_at <= ${p.at}`)} + ${p.offset}`)
        .orderBy('number')
        .limit(p.limit),
    ),
  };
}

function prepareAll({ builder, isAmong }: Dialect) {
  const messages = builder.selectFrom('messages').select(COLUMNS);
  const backwards = (p: { chatId: string }) => messages.where('chat_id', '=', p.chatId).orderBy('created_at', 'desc');
  return {
    byId: prepare((p: { id: string }) => messages.where('id', '=', p.id)),
    byIds: prepare((p: { ids: List }) => messages.where(isAmong('id', p.ids))),
    byKey: prepare((p: { senderId: string; clientId: string }) =>
      messages.where('sender_id', '=', p.senderId).where('client_id', '=', p.clientId),
    ),
    sentBetween: prepare((p: { chatId: string; senderId: string; from: number; to: number; limit: number }) =>
      backwards(p)
        .where('sender_id', '=', p.senderId)
        .where('created_at', '>', p.from)
        .where('created_at', '<=', p.to)
        .limit(p.limit),
    ),
    newestUpTo: prepare((p: { chatId: string; at: number }) => backwards(p).where('created_at', '<=', p.at).limit(1)),
    ...prepareTimeList(messages),
    insert: prepare((p: MessageRow) =>
      builder.insertInto('messages').values({
        id: p.id,
        chat_id: p.chatId,
        sender_id: p.senderId,
        content: p.content,
        reply_to_id: p.replyToId,
        client_id: p.clientId,
        created_at: p.createdAt,
        number: sql`(select message_count + 1 from chats where id = ${p.chatId})`,
        sender_number: sql`(select sent + 1 from members where chat_id = ${p.chatId} and user_id = ${p.senderId})`,
      }),
    ),
  };
}

/** Prepares the statements; the result makes the repository for a session. */
export function messagesOn(dialect: Dialect): (session: Session, tally: Tally) => Messages {
  const statements = prepareAll(dialect);
  const history = prepareHistory(dialect);
  return (session, tally) => ({
    find: (id) => statements.byId.first(session, { id }),
    findAll: (ids) => statements.byIds.all(session, { ids: dialect.list(ids) }),
    findByKey: (senderId, clientId) => statements.byKey.first(session, { senderId, clientId }),
    newest: (chatId, limit, offset) => history.newest.all(session, { chatId, limit, offset }),
    before: (chatId, at, limit, offset) => history.before.all(session, { chatId, at, limit, offset }),
    after: (chatId, at, limit, offset) => history.after.all(session, { chatId, at, limit, offset }),
    sentBetween: (chatId, senderId, from, to, limit) =>
      statements.sentBetween.all(session, { chatId, senderId, from, to, limit }),
    newestUpTo: (chatId, at) => statements.newestUpTo.first(session, { chatId, at }),
    ...timeList(statements, session),
    async insert(message) {
      await statements.insert.run(session, message);
      tally('messages', 1, message.createdAt);
    },
  });
}
