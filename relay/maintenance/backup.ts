/**
 * Backups of a node's folder: the database as one file, and beside it the people's files. A backup is taken while the node
 * runs; it is restored while none does, and begins a new epoch.
 */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { SCHEMA_VERSION, schemaVersion } from '../migrations/sqlite/index.ts';
import { openDatabase, openReader, type Database } from '../repositories/sqlite/connection.ts';
import { StartError } from '../start-error.ts';
import { keptFile, openFolder, reasonOf, writePrivately } from '../storage/folder.ts';
import { lockFolder } from '../storage/lock.ts';

/** Beside the backup of the database: the people's files. */
const filesOf = (file: string): string => `${file}.files`;
const LAST = 'last-backup.json';
const LastBackup = z.object({ at: z.number(), file: z.string() });

/** When the folder was last backed up (milliseconds since the epoch), and where to; null: never, or nobody knows. */
export function lastBackup(folder: string): { at: number; file: string } | null {
  const { path, size } = keptFile(folder, LAST);
  if (size === null) return null;
  try {
    return LastBackup.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** What SQLite finds wrong with a database; empty when nothing. */
export function findDamage(database: Database): string[] {
  const rows = [...database.prepare('PRAGMA integrity_check(20)').all()];
  return rows.map((row) => String(Object.values(row)[0])).filter((line) => line !== 'ok');
}

/** Copies what is missing or of another size: a file is never changed. @returns how many were copied, and how many there are. */
function copyFiles(from: string, to: string): { copied: number; all: number } {
  let [copied, all] = [0, 0];
  if (!existsSync(from)) return { copied, all };
  for (const folder of readdirSync(from, { withFileTypes: true })) {
    // What is being uploaded belongs to nobody yet.
    if (!folder.isDirectory() || folder.name === 'incoming') continue;
    mkdirSync(join(to, folder.name), { recursive: true, mode: 0o700 });
    for (const entry of readdirSync(join(from, folder.name), { withFileTypes: true })) {
      if (!entry.isFile() || entry.name.endsWith('.new')) continue;
      const [source, target] = [join(from, folder.name, entry.name), join(to, folder.name, entry.name)];
      all += 1;
      if (statSync(target, { throwIfNoEntry: false })?.size === statSync(source).size) continue;
      copyFileSync(source, `${target}.new`, constants.COPYFILE_FICLONE);
      sync(`${target}.new`);
      renameSync(`${target}.new`, target);
      copied += 1;
    }
  }
  return { copied, all };
}

/** Checks that a file is a relay's database that this version can read. @throws StartError */
function checkBackup(file: string): void {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new StartError(`${file} is not there, or no file`);
  let database: Database;
  try {
    database = openReader(file);
  } catch (error) {
    throw new StartError(`${file} cannot be read: ${reasonOf(error)}`);
  }
  try {
    const version = schemaVersion(database);
    const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE name IN ('users', 'messages', 'meta')`).all();
    if (version === 0 || [...tables].length !== 3) throw new StartError(`${file} is no backup of a relay`);
    if (version > SCHEMA_VERSION) throw new StartError(`${file} was written by a newer relay: update the relay`);
    const damage = findDamage(database);
    if (damage.length > 0) throw new StartError(`${file} is damaged: ${damage[0] ?? ''}`);
  } catch (error) {
    throw error instanceof StartError ? error : new StartError(`${file} is no backup of a relay: ${reasonOf(error)}`);
  } finally {
    database.close();
  }
}

function databaseOf(folder: string): string {
  const { path, size } = keptFile(folder, 'relay.db');
  if (size === null) throw new StartError(`there is no relay.db in ${folder}: nothing to back up`);
  return path;
}

/**
 * Backs up a folder, whether a node runs in it or not.
 * @param typed where to: replaced whole, or not at all. Files that are there already are not copied again.
 * @returns what to tell the user. @throws StartError
 */
export function backUp(dataDir: string, typed: string, now: number): string {
  const [folder, file] = [resolve(dataDir), resolve(typed)];
  const path = databaseOf(folder);
  if (dirname(file) === folder) throw new StartError('a backup in the data folder itself is lost together with it');
  const unfinished = `${file}.new`;
  try {
    rmSync(unfinished, { force: true });
    const database = openDatabase(path);
    try {
      // One moment of the data, while others write on.
      database.prepare('VACUUM INTO ?').run(unfinished);
    } finally {
      database.close();
    }
    if (process.platform !== 'win32') chmodSync(unfinished, 0o600);
    // It is not a copy of the pages: what it says of itself is said anew.
    checkBackup(unfinished);
    sync(unfinished);
    // After the database: whatever it names is there by now.
    const { copied, all } = copyFiles(join(folder, 'files'), filesOf(file));
    renameSync(unfinished, file);
    writePrivately(join(folder, LAST), JSON.stringify({ at: now, file }));
    const bytes = statSync(file).size;
    return `Backed up to ${file} (${Math.ceil(bytes / 1024)} KB), and ${copied} new of ${all} files to ${filesOf(file)}.`;
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error instanceof StartError ? error : new StartError(`${file} cannot be written: ${reasonOf(error)}`);
  }
}

/**
 * Puts a backup in the place of a folder's data; what was there is kept as `relay.db.before-restore`. The next start begins
 * a new epoch, so that every client reads everything again.
 * @returns what to tell the user. @throws StartError, also when a node runs in the folder.
 */
export function restore(dataDir: string, typed: string): string {
  const file = resolve(typed);
  checkBackup(file);
  const folder = openFolder(dataDir);
  const release = lockFolder(folder);
  try {
    const { path, size } = keptFile(folder, 'relay.db');
    const unfinished = `${path}.new`;
    copyFileSync(file, unfinished);
    if (process.platform !== 'win32') chmodSync(unfinished, 0o600);
    sync(unfinished);
    const { copied } = copyFiles(filesOf(file), join(folder, 'files'));
    // Without it a new epoch begins, wherever this breaks off from here on.
    rmSync(join(folder, 'epoch.json'), { force: true });
    if (size !== null) {
      // Takes in what is in the log: the file alone is whole then.
      openDatabase(path).close();
      renameSync(path, `${path}.before-restore`);
    }
    for (const beside of ['-wal', '-shm', '-journal']) rmSync(path + beside, { force: true });
    renameSync(unfinished, path);
    const kept = size === null ? '' : ` What was there is ${path}.before-restore.`;
    return `Restored from ${file}, with ${copied} files.${kept} All clients will read everything again.`;
  } catch (error) {
    throw error instanceof StartError ? error : new StartError(`${folder} cannot be restored: ${reasonOf(error)}`);
  } finally {
    release();
  }
}
