/** SQLite in the data folder: opened, migrated to this version's schema, with the repositories on it. */
import { chmodSync, statSync } from 'node:fs';
import { migrate } from '../migrations/sqlite/index.ts';
import type { Reads } from '../repositories/ports.ts';
import type { Retention } from '../repositories/sql/events.ts';
import { createRepositories, type DrainableQueue, type WriteQueueHooks } from '../repositories/sql/repositories.ts';
import { openDatabase, openReader, type Database } from '../repositories/sqlite/connection.ts';
import { sqliteDialect, sqliteSession } from '../repositories/sqlite/dialect.ts';
import { createWriteQueue } from '../repositories/sqlite/write-queue.ts';
import { StartError } from '../start-error.ts';
import { openEpoch, type EpochKeeper } from './epoch.ts';
import { keptFile, reasonOf } from './folder.ts';
import type { Storage, StorageHooks } from './storage.ts';

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

/** The repositories on a file. */
export interface SqliteRepositories {
  reads: Reads;
  queue: DrainableQueue;
  /** Also closes the database they are on. */
  close: () => void;
}

/** Puts the repositories on a file that has this version's schema. @param path of the file `database` is open on. */
export function repositoriesOn(
  database: Database,
  path: string,
  retention: Retention,
  hooks: WriteQueueHooks,
): SqliteRepositories {
  const reader = openReader(path);
  const factory = createRepositories(sqliteDialect, retention);
  return {
    reads: factory.reads(sqliteSession(reader)),
    queue: createWriteQueue(database, factory.write, hooks),
    close() {
      // The last connection to close empties the log, and one that only reads cannot.
      reader.close();
      database.close();
    },
  };
}

async function openFile(folder: string, path: string, retention: Retention, hooks: StorageHooks): Promise<Storage> {
  const database = await openMigrated(path);
  // What is open, to be closed in reverse order.
  const undo = [() => database.close()];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) step();
  };
  try {
    let keeper: EpochKeeper | null = null;
    const repositories = repositoriesOn(database, path, retention, {
      onEffectError: hooks.onEffectError,
      onCommit(commits) {
        keeper?.committed(commits);
        hooks.onCommit();
      },
    });
    undo.splice(0, 1, repositories.close);
    const { reads, queue } = repositories;
    keeper = openEpoch(database, folder, queue.commits, (error) =>
      hooks.onWarning(error, 'the mark of the epoch was not written'),
    );
    undo.push(keeper.close);
    const sizeOf = (suffix: string): number => statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0;
    const bytes = async (): Promise<number> => ['', ...BESIDE].reduce((sum, suffix) => sum + sizeOf(suffix), 0);
    return { reads, queue, epoch: keeper.epoch, bytes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws StartError with a one-line message, whatever is in place of the database. */
export async function openSqlite(folder: string, retention: Retention, hooks: StorageHooks): Promise<Storage> {
  const { path } = keptFile(folder, DATABASE_FILE);
  for (const suffix of [...BESIDE, '-journal']) keptFile(folder, DATABASE_FILE + suffix);
  try {
    return await openFile(folder, path, retention, hooks);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`the database in ${folder} cannot be opened: ${reasonOf(error)}`);
  }
}
