/** Opens a folder's database and migrates it to this version's schema. */
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../migrations/index.ts';
import { openDatabase, type Database } from './database.ts';
import { StartError } from '../start-error.ts';
import { keptFile, reasonOf } from './folder.ts';

const DATABASE_FILE = 'relay.db';
/** Suffixes of the files SQLite keeps next to a database. */
const BESIDE = ['-wal', '-shm'] as const;

/** @throws StartError with a one-line message, whatever is in place of the database. */
export function openStorage(folder: string): Database {
  const { path } = keptFile(folder, DATABASE_FILE);
  for (const suffix of [...BESIDE, '-journal']) keptFile(folder, DATABASE_FILE + suffix);
  try {
    const database = openDatabase(path);
    try {
      // Even in a folder accessible to others: these are private messages. SQLite's other files inherit the mode.
      if (process.platform !== 'win32') chmodSync(path, 0o600);
      migrate(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw new StartError(`the database in ${folder} cannot be opened: ${reasonOf(error)}`);
  }
}

/** Size of the folder's database on disk in bytes, including the files SQLite keeps next to it. */
export function storageBytes(folder: string): number {
  const sizeOf = (suffix: string): number =>
    statSync(join(folder, DATABASE_FILE + suffix), { throwIfNoEntry: false })?.size ?? 0;
  return ['', ...BESIDE].reduce((sum, suffix) => sum + sizeOf(suffix), 0);
}
