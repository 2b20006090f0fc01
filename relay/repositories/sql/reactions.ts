/** Reactions: one row per user, emoji and message. */
import type { ReactionRow } from '../../records.ts';
import type { Reactions } from '../ports.ts';
import type { Dialect, List, Tally } from './dialect.ts';
import { prepare, type Session } from './statement.ts';
import { prepareTimeList, timeList } from './time-list.ts';

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
    ...prepareTimeList(reactions),
    insert: prepare((p: ReactionRow) =>
      builder.insertInto('reactions').values({
        id: p.id,
        message_id: p.messageId,
        user_id: p.userId,
        emoji: p.emoji,
        created_at: p.createdAt,
      }),
    ),
    remove: prepare((p: { id: string }) =>
      builder.deleteFrom('reactions').where('id', '=', p.id).returning(['emoji', 'created_at as createdAt']),
    ),
  };
}

/** Prepares the statements; the result makes the repository for a session. */
export function reactionsOn(dialect: Dialect): (session: Session, tally: Tally) => Reactions {
  const statements = prepareAll(dialect);
  return (session, tally) => ({
    find: (id) => statements.byId.first(session, { id }),
    findSame: (messageId, userId, emoji) => statements.same.first(session, { messageId, userId, emoji }),
    ofMessages: (messageIds) => statements.ofMessages.all(session, { ids: dialect.list(messageIds) }),
    ...timeList(statements, session),
    async insert(reaction) {
      await statements.insert.run(session, reaction);
      tally('reactions', 1, reaction.createdAt, reaction);
    },
    async remove(id) {
      for (const { emoji, createdAt } of await statements.remove.all(session, { id })) {
        tally('reactions', -1, createdAt, { id, emoji });
      }
    },
  });
}
