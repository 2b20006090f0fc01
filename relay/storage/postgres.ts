/** A PostgreSQL server elsewhere: connected, migrated to this version's schema, with the repositories on it. */
import { migratePostgres } from '../migrations/postgres/index.ts';
import { connectPostgres, placeOf } from '../repositories/postgres/connection.ts';
import { databaseBytes, postgresDialect, postgresSession } from '../repositories/postgres/dialect.ts';
import { readEpoch } from '../repositories/postgres/epoch.ts';
import { createPostgresQueue } from '../repositories/postgres/write-queue.ts';
import type { Retention } from '../repositories/sql/events.ts';
import { createRepositories, type WriteQueueHooks } from '../repositories/sql/repositories.ts';
import { StartError } from '../start-error.ts';
import type { Storage, StorageHooks } from './storage.ts';

type Connections = ReturnType<typeof connectPostgres>;

/** Puts the repositories on a database that has this version's schema. */
export function postgresRepositoriesOn(
  db: Connections,
  retention: Retention,
  hooks: WriteQueueHooks,
): Pick<Storage, 'reads' | 'queue'> {
  const factory = createRepositories(postgresDialect, retention);
  return { reads: factory.reads(postgresSession(db)), queue: createPostgresQueue(db, factory.write, hooks) };
}

/** Migrates the database behind these connections and puts the repositories on it. They are closed with the storage. */
export async function storageOn(db: Connections, retention: Retention, hooks: StorageHooks): Promise<Storage> {
  await migratePostgres(db);
  return {
    ...postgresRepositoriesOn(db, retention, hooks),
    epoch: await readEpoch(db),
    bytes: () => databaseBytes(db),
    close: () => db.destroy(),
  };
}

/** The reason in one line: a failed attempt at several addresses says nothing itself, but lists what failed. */
function reasonOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const message = first instanceof Error ? first.message : String(first);
  return message.split('\n', 1)[0] ?? message;
}

/**
 * @param url see `connectPostgres`.
 * @throws StartError with a one-line message that names the place and not the password.
 */
export async function openPostgres(url: string, retention: Retention, hooks: StorageHooks): Promise<Storage> {
  const db = connectPostgres(url, (error) => hooks.onWarning(error, 'a connection to the database broke'));
  try {
    return await storageOn(db, retention, hooks);
  } catch (error) {
    await db.destroy();
    throw new StartError(`the database at ${placeOf(url)} cannot be used: ${reasonOf(error)}`);
  }
}
