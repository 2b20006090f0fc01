/** Opens the database of a folder at this version's schema. */
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../migrations/index.ts';
import { openDatabase, type Database } from './database.ts';
import { StartError } from '../start-error.ts';
import { keptFile, reasonOf } from './folder.ts';

const DATABASE_FILE = 'relay.db';
/** What SQLite puts beside a database. */
const BESIDE = ['-wal', '-shm'] as const;

/** @throws StartError with one line, whatever stands in the place of the database. */
export function openStorage(folder: string): Database {
  const { path } = keptFile(folder, DATABASE_FILE);
  for (const suffix of [...BESIDE, '-journal']) keptFile(folder, DATABASE_FILE + suffix);
  try {
    const database = openDatabase(path);
    try {
      // Also when the folder itself is open to others: these are people's words. What SQLite puts beside it follows.
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

/** Bytes of the folder's database on the disk, with what SQLite puts beside it. */
export function storageBytes(folder: string): number {
  const sizeOf = (suffix: string): number =>
    statSync(join(folder, DATABASE_FILE + suffix), { throwIfNoEntry: false })?.size ?? 0;
  return ['', ...BESIDE].reduce((sum, suffix) => sum + sizeOf(suffix), 0);
}
