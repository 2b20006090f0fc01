/** Totals: counted as rows come and go. */
import { sql } from 'kysely';
import type { EmojiTotal, TotalReads, Totals } from '../ports.ts';
import type { Dialect } from './dialect.ts';
import { prepare, type Session } from './statement.ts';

/** Prepares the statement; the result makes the repository for a session. */
export function totalsOn({ builder }: Dialect): (session: Session) => TotalReads {
  const all = prepare(() =>
    builder
      .selectFrom('counters')
      .select(['name', sql<number>`sum(value)`.as('value')])
      .groupBy('name'),
  );
  // As many rows as a node has offered emojis, or sixteen times as many: none of them is left at nothing.
  const emojis = prepare((p: { limit: number }) =>
    builder
      .selectFrom('reaction_totals')
      .select(['emoji', sql<number>`sum(value)`.as('count')])
      .groupBy('emoji')
      .orderBy('count', 'desc')
      .orderBy('emoji')
      .limit(p.limit),
  );
  return (session) => ({
    async read(): Promise<Totals> {
      const values = new Map((await all.all(session, {})).map(({ name, value }) => [name, value]));
      const of = (name: keyof Totals): number => values.get(name) ?? 0;
      return {
        users: of('users'),
        chats: of('chats'),
        messages: of('messages'),
        reactions: of('reactions'),
        files: of('files'),
        fileBytes: of('fileBytes'),
        calls: of('calls'),
      };
    },
    emojis: (limit): Promise<EmojiTotal[]> => emojis.all(session, { limit }),
  });
}
