/** Opens a folder's database, migrates it to this version's schema, and puts the repositories on it. */
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../migrations/sqlite.ts';
import type { Reads } from '../repositories/ports.ts';
import type { Retention } from '../repositories/sql/events.ts';
import { createRepositories } from '../repositories/sql/repositories.ts';
import { openDatabase, openReader, type Database } from '../repositories/sqlite/connection.ts';
import { sqliteDialect, sqliteSession } from '../repositories/sqlite/dialect.ts';
import { createWriteQueue, type GroupedWriteQueue, type WriteQueueHooks } from '../repositories/sqlite/write-queue.ts';
import { StartError } from '../start-error.ts';
import { keptFile, reasonOf } from './folder.ts';

const DATABASE_FILE = 'relay.db';
/** Suffixes of the files SQLite keeps next to a database. */
const BESIDE = ['-wal', '-shm'] as const;

async function openMigrated(path: string): Promise<Database> {
  const database = openDatabase(path);
  try {
    // Even in a folder accessible to others: these are private messages. SQLite's other files inherit the mode.
    if (process.platform !== 'win32') chmodSync(path, 0o600);
    await migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** An open database. */
export interface SqliteStorage {
  /** The connection that writes; only for what happens before the first write. */
  database: Database;
  reads: Reads;
  queue: GroupedWriteQueue;
  /** Size on disk in bytes, including the files SQLite keeps next to the database. */
  bytes: () => number;
  close: () => void;
}

/** Puts the repositories on a file that has this version's schema. @param path of the file `database` is open on. */
export function repositoriesOn(
  database: Database,
  path: string,
  retention: Retention,
  hooks: WriteQueueHooks,
): SqliteStorage {
  const reader = openReader(path);
  const factory = createRepositories(sqliteDialect, retention);
  const sizeOf = (suffix: string): number => statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0;
  return {
    database,
    reads: factory.reads(sqliteSession(reader)),
    queue: createWriteQueue(database, factory.write, hooks),
    bytes: () => ['', ...BESIDE].reduce((sum, suffix) => sum + sizeOf(suffix), 0),
    close() {
      // The last connection to close empties the log, and one that only reads cannot.
      reader.close();
      database.close();
    },
  };
}

/** @throws StartError with a one-line message, whatever is in place of the database. */
export async function openStorage(
  folder: string,
  retention: Retention,
  hooks: WriteQueueHooks,
): Promise<SqliteStorage> {
  const { path } = keptFile(folder, DATABASE_FILE);
  for (const suffix of [...BESIDE, '-journal']) keptFile(folder, DATABASE_FILE + suffix);
  try {
    const database = await openMigrated(join(folder, DATABASE_FILE));
    try {
      return repositoriesOn(database, path, retention, hooks);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw new StartError(`the database in ${folder} cannot be opened: ${reasonOf(error)}`);
  }
}
