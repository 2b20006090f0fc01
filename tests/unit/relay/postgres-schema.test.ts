/** The schema on PostgreSQL: migrated once, by whichever node comes first, and never half. */
import { sql, type Kysely } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migratePostgres } from '../../../relay/migrations/postgres/index.ts';
import { NewerSchemaError } from '../../../relay/migrations/steps.ts';
import { readEpoch } from '../../../relay/repositories/postgres/epoch.ts';
import type { Schema } from '../../../relay/repositories/schema.ts';
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
