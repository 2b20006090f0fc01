/** The databases that the relay's tests run on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { afterAll } from 'vitest';
import { migratePostgres } from '../../../relay/migrations/postgres/index.ts';
import { migrate } from '../../../relay/migrations/sqlite/index.ts';
import type { Reads } from '../../../relay/repositories/ports.ts';
import type { Schema } from '../../../relay/repositories/schema.ts';
import type { Retention } from '../../../relay/repositories/sql/events.ts';
import type { DrainableQueue, WriteQueueHooks } from '../../../relay/repositories/sql/repositories.ts';
import { openDatabase } from '../../../relay/repositories/sqlite/connection.ts';
import { postgresRepositoriesOn } from '../../../relay/storage/postgres.ts';
import { repositoriesOn } from '../../../relay/storage/sqlite.ts';
import { connectToPglite, connectToServer } from '../../helpers/postgres/schemas.ts';
import { missingServer, stopServer } from '../../helpers/postgres/server.ts';

/** An empty database of this version's schema, of a test's own. */
export interface TestDatabase {
  reads: Reads;
  queue: DrainableQueue;
  /** Changes what the repositories would not: one statement. */
  run(statement: string): Promise<void>;
  /** From now on, or no more, the disk takes no changes. */
  fill(isFull: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface Adapter {
  name: string;
  /** Whether writes that are queued in one turn share a commit. */
  groups: boolean;
  open(retention: Retention, hooks: WriteQueueHooks): Promise<TestDatabase>;
}

const sqlite: Adapter = {
  name: 'SQLite',
  groups: true,
  async open(retention, hooks) {
    const folder = mkdtempSync(join(tmpdir(), 'relay-core-'));
    const path = join(folder, 'relay.db');
    const database = openDatabase(path);
    await migrate(database);
    const { reads, queue, close } = repositoriesOn(database, path, retention, hooks);
    return {
      reads,
      queue,
      run: async (statement) => database.exec(statement),
      fill: async (isFull) => database.exec(`PRAGMA query_only = ${isFull ? 'ON' : 'OFF'}`),
      async close() {
        close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

const FULL = `
  create function refuse() returns trigger language plpgsql as
  $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`;
/** In an order in which they can be emptied. */
const TABLES = [
  ...[
    'hours',
    'reaction_totals',
    'audit',
    'counters',
    'call_signals',
    'calls',
    'tracks',
    'avatars',
    'upload_sessions',
    'attachments',
    'files',
  ],
  ...['events', 'reactions', 'messages', 'members', 'chats', 'user_terms', 'users'],
];

type Connections = Kysely<Schema>;

async function run(db: Connections, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** Makes the tables in the connections' schema, and what `fill` needs. */
async function prepare(db: Connections): Promise<Connections> {
  await migratePostgres(db);
  const triggers = TABLES.flatMap((table) => [
    `create trigger full_disk before insert or update or delete on ${table} execute function refuse()`,
    `alter table ${table} disable trigger full_disk`,
  ]);
  await run(db, [FULL, ...triggers]);
  return db;
}

/** Tests one after the other on the same tables, emptied for each: to make them takes longer than most tests. */
function postgres(name: string, connect: () => Promise<Connections>): Adapter {
  let prepared: Promise<Connections> | null = null;
  afterAll(async () => {
    await (await prepared)?.destroy();
  });
  return {
    name,
    groups: false,
    async open(retention, hooks) {
      prepared ??= connect().then(prepare);
      const db = await prepared;
      const fill = (isFull: boolean): Promise<void> =>
        run(
          db,
          TABLES.map((table) => `alter table ${table} ${isFull ? 'enable' : 'disable'} trigger full_disk`),
        );
      await run(
        db,
        TABLES.map((table) => `delete from ${table}`),
      );
      const { reads, queue } = postgresRepositoriesOn(db, retention, hooks);
      return { reads, queue, run: (statement) => run(db, [statement]), fill, close: () => queue.drain() };
    },
  };
}

// Runs last: what is registered later is run earlier.
afterAll(stopServer);

const pglite = postgres('PGlite', connectToPglite);
const server = postgres('PostgreSQL', connectToServer);

const missing = missingServer();
if (missing !== null) console.info(`not tested on a PostgreSQL server: ${missing}`);

/** Every database that is there, for `describe.each`. */
export const ADAPTERS: readonly Adapter[] = missing === null ? [sqlite, pglite, server] : [sqlite, pglite];
