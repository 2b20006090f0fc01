/** Reactions: one row per user, emoji and message. */
import type { ReactionRow } from '../../records.ts';
import type { Reactions } from '../ports.ts';
import type { Dialect, List } from './dialect.ts';
import { prepare, type Session } from './statement.ts';

const COLUMNS = ['id', 'message_id as messageId', 'user_id as userId', 'emoji', 'created_at as createdAt'] as const;

function prepareAll({ builder, isAmong }: Dialect) {
  const reactions = builder.selectFrom('reactions').select(COLUMNS);
  return {
    byId: prepare((p: { id: string }) => reactions.where('id', '=', p.id)),
    same: prepare((p: { messageId: string; userId: string; emoji: string }) =>
      reactions.where('message_id', '=', p.messageId).where('user_id', '=', p.userId).where('emoji', '=', p.emoji),
    ),
    ofMessages: prepare((p: { ids: List }) =>
      reactions.where(isAmong('message_id', p.ids)).orderBy('created_at').orderBy('id'),
    ),
    page: prepare((p: { limit: number; offset: number }) =>
      reactions.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(p.limit).offset(p.offset),
    ),
    count: prepare(() => builder.selectFrom('reactions').select((eb) => eb.fn.countAll<number>().as('count'))),
    insert: prepare((p: ReactionRow) =>
      builder.insertInto('reactions').values({
        id: p.id,
        message_id: p.messageId,
        user_id: p.userId,
        emoji: p.emoji,
        created_at: p.createdAt,
      }),
    ),
    remove: prepare((p: { id: string }) => builder.deleteFrom('reactions').where('id', '=', p.id)),
  };
}

/** Prepares the statements; the result makes the repository for a session. */
export function reactionsOn(dialect: Dialect): (session: Session) => Reactions {
  const statements = prepareAll(dialect);
  return (session) => ({
    find: (id) => statements.byId.first(session, { id }),
    findSame: (messageId, userId, emoji) => statements.same.first(session, { messageId, userId, emoji }),
    ofMessages: (messageIds) => statements.ofMessages.all(session, { ids: dialect.list(messageIds) }),
    page: (limit, offset) => statements.page.all(session, { limit, offset }),
    count: async () => (await statements.count.first(session, {}))?.count ?? 0,
    insert: async (reaction) => void (await statements.insert.run(session, reaction)),
    remove: async (id) => void (await statements.remove.run(session, { id })),
  });
}
