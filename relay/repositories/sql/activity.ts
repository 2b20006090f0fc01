/** What people have sent and keep: from counts by chat, and the sizes of their files. */
import { sql } from 'kysely';
import type { Activity, ActivityReads } from '../ports.ts';
import type { Dialect, List } from './dialect.ts';
import { prepare, type Session } from './statement.ts';

/** Prepares the statements; the result makes the repository for a session. */
export function activityOn({ builder, isAmong, list }: Dialect): (session: Session) => ActivityReads {
  const sent = prepare((p: { ids: List }) =>
    builder
      .selectFrom('members')
      .select(['user_id as userId', sql<number>`sum(sent)`.as('amount')])
      .where(isAmong('user_id', p.ids))
      .groupBy('user_id'),
  );
  const stored = prepare((p: { ids: List }) =>
    builder
      .selectFrom('files')
      .select(['owner_id as userId', sql<number>`sum(size)`.as('amount')])
      .where(isAmong('owner_id', p.ids))
      .groupBy('owner_id'),
  );
  return (session) => ({
    async of(userIds) {
      const ids = list(userIds);
      const messages = new Map((await sent.all(session, { ids })).map((row) => [row.userId, row.amount]));
      const bytes = new Map((await stored.all(session, { ids })).map((row) => [row.userId, row.amount]));
      return userIds.map((userId): Activity => ({
        userId,
        messages: messages.get(userId) ?? 0,
        storedBytes: bytes.get(userId) ?? 0,
      }));
    },
  });
}
