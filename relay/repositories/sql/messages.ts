/** Messages. Within a chat `createdAt` (milliseconds) is unique and increasing, so it defines the order. */
import type { MessageRow } from '../../records.ts';
import type { Messages } from '../ports.ts';
import type { Dialect, List } from './dialect.ts';
import { prepare, type Session } from './statement.ts';

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
  limit: number;
  offset: number;
}

function prepareAll({ builder, isAmong }: Dialect) {
  const messages = builder.selectFrom('messages').select(COLUMNS);
  const inChat = (p: { chatId: string }) => messages.where('chat_id', '=', p.chatId);
  const backwards = (p: { chatId: string }) => inChat(p).orderBy('created_at', 'desc');
  return {
    byId: prepare((p: { id: string }) => messages.where('id', '=', p.id)),
    byIds: prepare((p: { ids: List }) => messages.where(isAmong('id', p.ids))),
    byKey: prepare((p: { senderId: string; clientId: string }) =>
      messages.where('sender_id', '=', p.senderId).where('client_id', '=', p.clientId),
    ),
    newest: prepare((p: { chatId: string } & Slice) => backwards(p).limit(p.limit).offset(p.offset)),
    before: prepare((p: { chatId: string; at: number } & Slice) =>
      backwards(p).where('created_at', '<', p.at).limit(p.limit).offset(p.offset),
    ),
    after: prepare((p: { chatId: string; at: number } & Slice) =>
      inChat(p).where('created_at', '>', p.at).orderBy('created_at').limit(p.limit).offset(p.offset),
    ),
    sentBetween: prepare((p: { chatId: string; senderId: string; from: number; to: number; limit: number }) =>
      backwards(p)
        .where('sender_id', '=', p.senderId)
        .where('created_at', '>', p.from)
        .where('created_at', '<=', p.to)
        .limit(p.limit),
    ),
    newestUpTo: prepare((p: { chatId: string; at: number }) => backwards(p).where('created_at', '<=', p.at).limit(1)),
    page: prepare((p: Slice) =>
      messages.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(p.limit).offset(p.offset),
    ),
    insert: prepare((p: MessageRow) =>
      builder.insertInto('messages').values({
        id: p.id,
        chat_id: p.chatId,
        sender_id: p.senderId,
        content: p.content,
        reply_to_id: p.replyToId,
        client_id: p.clientId,
        created_at: p.createdAt,
      }),
    ),
  };
}

/** Prepares the statements; the result makes the repository for a session. */
export function messagesOn(dialect: Dialect): (session: Session) => Messages {
  const statements = prepareAll(dialect);
  return (session) => ({
    find: (id) => statements.byId.first(session, { id }),
    findAll: (ids) => statements.byIds.all(session, { ids: dialect.list(ids) }),
    findByKey: (senderId, clientId) => statements.byKey.first(session, { senderId, clientId }),
    newest: (chatId, limit, offset) => statements.newest.all(session, { chatId, limit, offset }),
    before: (chatId, at, limit, offset) => statements.before.all(session, { chatId, at, limit, offset }),
    after: (chatId, at, limit, offset) => statements.after.all(session, { chatId, at, limit, offset }),
    sentBetween: (chatId, senderId, from, to, limit) =>
      statements.sentBetween.all(session, { chatId, senderId, from, to, limit }),
    newestUpTo: (chatId, at) => statements.newestUpTo.first(session, { chatId, at }),
    page: (limit, offset) => statements.page.all(session, { limit, offset }),
    insert: async (message) => void (await statements.insert.run(session, message)),
  });
}
