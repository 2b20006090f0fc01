/** The schema on PostgreSQL: migrated once, by whichever node comes first, and never half. */
import { sql, type Kysely } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migratePostgres } from '../../../relay/migrations/postgres/index.ts';
import { NewerSchemaError } from '../../../relay/migrations/steps.ts';
import { newId } from '../../../relay/ids.ts';
import { readEpoch } from '../../../relay/repositories/postgres/epoch.ts';
import type { Schema } from '../../../relay/repositories/schema.ts';
import { postgresRepositoriesOn } from '../../../relay/storage/postgres.ts';
import { connectToPglite, connectToServer } from '../../helpers/postgres/schemas.ts';
import { missingServer, stopServer } from '../../helpers/postgres/server.ts';

const DATABASES = [
  { name: 'PGlite', connect: connectToPglite },
  ...(missingServer() === null ? [{ name: 'PostgreSQL', connect: connectToServer }] : []),
];
afterAll(stopServer);

describe.each(DATABASES)('on $name', ({ connect }) => {
  let db: Kysely<Schema>;
  beforeEach(async () => {
    db = await connect();
  });
  afterEach(() => db.destroy());

  async function tables(): Promise<string[]> {
    const { rows } = await sql<{ name: string }>`
      select c.relname as name from pg_class c where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
      order by c.relname`.execute(db);
    return rows.map(({ name }) => name).filter((name) => !name.startsWith('kysely_'));
  }

  test('an empty database becomes the newest schema, and doing it again changes nothing', async () => {
    await migratePostgres(db);
    const made = await tables();
    expect(made).toContain('messages');
    await migratePostgres(db);
    expect(await tables()).toEqual(made);
  });

  test('several nodes that start at once make one schema and agree on the epoch', async () => {
    await Promise.all([migratePostgres(db), migratePostgres(db), migratePostgres(db)]);
    const epochs = await Promise.all([readEpoch(db), readEpoch(db), readEpoch(db)]);
    expect(new Set(epochs).size).toBe(1);
    expect(await readEpoch(db)).toBe(epochs[0]);
  });

  test('a newer schema is refused in a clear word and left as it is', async () => {
    await migratePostgres(db);
    await sql`insert into kysely_migration (name, timestamp) values ('999-later', '2030-01-01T00:00:00.000Z')`.execute(
      db,
    );
    await expect(migratePostgres(db)).rejects.toThrow(NewerSchemaError);
    await expect(migratePostgres(db)).rejects.toThrow(/newer relay \(schema 999-later/);
  });

  test('a step that breaks off in the middle leaves nothing behind, and goes through later', async () => {
    // Another program's table is in the way of one of the last.
    await sql`create table events (x int)`.execute(db);
    await expect(migratePostgres(db)).rejects.toThrow('already exists');
    expect(await tables()).toEqual(['events']);
    await sql`drop table events`.execute(db);
    await migratePostgres(db);
    expect(await tables()).toContain('users');
  });

  test('from the step before: reactions are counted by emoji, each in the part in which it will be taken back', async () => {
    await migratePostgres(db);
    await sql`drop table reaction_totals`.execute(db);
    await sql`delete from kysely_migration where name = '005-reaction-totals'`.execute(db);
    const ids = Array.from({ length: 40 }, newId);
    await sql`insert into users (id, username, username_folded, first_name, last_name, password_hash, role, created_at,
      search_name) values ('anna', 'anna', 'anna', 'A', 'B', '', 'user', 1, 'anna')`.execute(db);
    await sql`insert into chats (id, pair_key, created_at, updated_at) values ('c', 'c', 1, 1)`.execute(db);
    await sql`insert into messages (id, chat_id, sender_id, content, created_at, number, sender_number)
      select 'm' || n, 'c', 'anna', '', n, n, n from generate_series(0, 39) n`.execute(db);
    const rows = ids.map((id, n) => ({ id, message_id: `m${n}`, user_id: 'anna', created_at: n }));
    const values = rows.map((row, n) => ({ ...row, emoji: n < 30 ? '👍' : '🔥' }));
    await db.insertInto('reactions').values(values).execute();
    await migratePostgres(db);
    const hooks = { onEffectError: () => undefined, onCommit: () => undefined };
    const { reads, queue } = postgresRepositoriesOn(db, { keep: 9, keepMs: 9 }, hooks);
    const kept = { thumbs: { emoji: '👍', count: 30 }, fires: { emoji: '🔥', count: 10 } };
    expect(await reads.totals.emojis(9)).toEqual([kept.thumbs, kept.fires]);
    for (const id of ids.slice(0, 30)) await queue.run((tx) => tx.reactions.remove(id));
    expect(await reads.totals.emojis(9)).toEqual([kept.fires]);
  });

  test('a table that was emptied and filled again is a new epoch, and only once', async () => {
    await migratePostgres(db);
    const before = await readEpoch(db);
    const rows = await db.selectFrom('meta').selectAll().execute();
    await sql`truncate meta`.execute(db);
    await db.insertInto('meta').values(rows).execute();
    const after = await readEpoch(db);
    expect(after).not.toBe(before);
    expect(await readEpoch(db)).toBe(after);
  });
});
