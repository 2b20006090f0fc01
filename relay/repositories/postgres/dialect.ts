/** PostgreSQL as the query builder and the shared queries need it. */
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  type Expression,
  type SqlBool,
} from 'kysely';
import type { Schema } from '../schema.ts';
import { emojisOf, totalsOf, type Changes, type EmojiChange, type TotalChange } from '../sql/changes.ts';
import type { Dialect, List } from '../sql/dialect.ts';
import { prepare, type Session } from '../sql/statement.ts';

const builder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

function isAmong(column: string, list: List): Expression<SqlBool> {
  return sql`${sql.ref(column)} = any(${list})`;
}

/** In the order of their ids, so that no two writes wait for each other. The rows' own keys stay free for references. */
const lockChats = prepare((p: { ids: List }) =>
  builder.selectFrom('chats').select('id').where(isAmong('id', p.ids)).orderBy('id').forNoKeyUpdate(),
);

/** A write that locks a user counts nothing else of theirs, so it waits only for the end of other writes. */
const lockUser = prepare((p: { id: string }) =>
  builder.selectFrom('users').select('id').where('id', '=', p.id).forNoKeyUpdate(),
);

/** Also from references to them: a file that somebody is just attaching is passed over. */
const lockFiles = prepare((p: { ids: List }) =>
  builder.selectFrom('files').select('id').where(isAmong('id', p.ids)).orderBy('id').forUpdate().skipLocked(),
);

const takeNumbers = prepare((p: { userId: string; count: number }) =>
  builder
    .updateTable('users')
    .set((eb) => ({ seq: eb('seq', '+', p.count) }))
    .where('id', '=', p.userId)
    .returning('seq'),
);

/** What is PostgreSQL's own in the shared queries. */
export const postgresDialect: Dialect = {
  builder,
  list: (values) => [...values],
  isAmong,
  contains: (column, text) => sql`strpos(${sql.ref(column)}, ${text}) > 0`,
  lockChats: async (session, ids) => void (await lockChats.run(session, { ids: [...ids] })),
  takeNumbers: async (session, userId, count) => (await takeNumbers.first(session, { userId, count }))?.seq ?? null,
  lockUser: async (session, id) => void (await lockUser.run(session, { id })),
  lockFiles: async (session, ids) => (await lockFiles.all(session, { ids: [...ids] })).map(({ id }) => id),
};

/** Runs statements on a pool of connections, or on the one of a transaction. */
export function postgresSession(db: Kysely<Schema>): Session {
  return {
    async execute(query, values) {
      const { rows, numAffectedRows = 0n } = await db.executeQuery({ ...query, parameters: values });
      return { rows, changes: Number(numAffectedRows) };
    },
  };
}

/** Parts of a total. A part is kept by one write until its commit, so others take another one. */
const PARTS = 16;

const addPart = prepare((p: { name: string; part: number; change: number }) =>
  builder
    .insertInto('counters')
    .values({ name: p.name, part: p.part, value: p.change })
    .onConflict((conflict) =>
      conflict.columns(['name', 'part']).doUpdateSet({ value: sql<number>`counters.value + excluded.value` }),
    ),
);

const addHourPart = prepare((p: TotalChange & { part: number }) =>
  builder
    .insertInto('hours')
    .values({ name: p.name, hour: p.hour, part: p.part, value: p.change })
    .onConflict((conflict) =>
      conflict.columns(['name', 'hour', 'part']).doUpdateSet({ value: sql<number>`hours.value + excluded.value` }),
    ),
);

const addEmojiPart = prepare((p: EmojiChange) =>
  builder
    .insertInto('reaction_totals')
    .values({ emoji: p.emoji, part: p.part, value: p.change })
    .onConflict((conflict) =>
      conflict.columns(['emoji', 'part']).doUpdateSet({ value: sql<number>`reaction_totals.value + excluded.value` }),
    ),
);

const dropEmojiPart = prepare((p: Pick<EmojiChange, 'emoji' | 'part'>) =>
  builder
    .deleteFrom('reaction_totals')
    .where('emoji', '=', p.emoji)
    .where('part', '=', p.part)
    .where(sql<SqlBool>`value = 0`),
);

/** A reaction's part is always the same, and the one that the migration has counted it in. */
const partOf = (id: string): number => (id.codePointAt(id.length - 1) ?? 0) % PARTS;

/** The last step of a write, in one order for all of them. */
export async function addToTotals(session: Session, write: Changes): Promise<void> {
  const changes = write.all();
  const part = Math.floor(Math.random() * PARTS);
  for (const one of changes) await addHourPart.run(session, { ...one, part });
  for (const [name, change] of totalsOf(changes)) if (change !== 0) await addPart.run(session, { name, part, change });
  for (const one of emojisOf([write], partOf)) {
    await addEmojiPart.run(session, one);
    if (one.change < 0) await dropEmojiPart.run(session, one);
  }
}

/** Size of the database on disk in bytes. */
export async function databaseBytes(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(db);
  return rows[0]?.bytes ?? 0;
}
