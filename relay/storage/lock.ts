/**
 * One relay for one folder. The lock is the system's, held by SQLite on a file of its own (`lock.db`) until the process
 * ends, however it ends: nothing stale stays behind.
 *
 * A lock belongs to the file that was opened and not to its name: who finds `lock.db` gone and makes another locks
 * something that nobody else holds. So a lock file says in itself which one it is, and one that does not (new, copied,
 * put in the place of a deleted one) counts only after `relay.db` was found open in no other program.
 */
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../start-error.ts';
import { keptFile, reasonOf } from './folder.ts';

/** Milliseconds that a program which only reads the database, such as a backup, may take to let it go. */
const READERS_MS = 2000;

function isLocked(error: unknown): boolean {
  return /locked/.test(reasonOf(error));
}

/** Whether a connection of any program has the database open: each holds a lock on the file as long as it lives. */
function isOpenElsewhere(folder: string): boolean {
  const { path, size } = keptFile(folder, 'relay.db');
  if (size === null) return false;
  try {
    const database = new DatabaseSync(path, { timeout: READERS_MS });
    try {
      database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK;');
    } finally {
      database.close();
    }
    return false;
  } catch (error) {
    // What else may be wrong with the database is told when it is opened.
    return isLocked(error);
  }
}

/** Locks this connection's file for good. */
function hold(lock: DatabaseSync): void {
  lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
}

/** Which file the lock is, as the lock itself says it; null when it says nothing. */
function nameIn(lock: DatabaseSync): unknown {
  lock.exec('CREATE TABLE IF NOT EXISTS held (inode TEXT NOT NULL) STRICT');
  return lock.prepare('SELECT inode FROM held').get()?.inode ?? null;
}

function take(folder: string, path: string, lock: DatabaseSync): void {
  hold(lock);
  const inode = statSync(path, { bigint: true }).ino.toString();
  if (nameIn(lock) === inode) return;
  if (isOpenElsewhere(folder)) {
    throw new StartError(
      `the data folder ${folder} is in use: another relay, or another program, has its relay.db open`,
    );
  }
  lock.exec('DELETE FROM held');
  lock.prepare('INSERT INTO held (inode) VALUES (?)').run(inode);
  // The lock is kept over the commit.
  lock.exec('COMMIT; BEGIN EXCLUSIVE;');
}

/**
 * Holds the folder until the answer is called or the process ends.
 * @throws StartError when another relay has it.
 */
export function lockFolder(folder: string): () => void {
  const { path } = keptFile(folder, 'lock.db');
  try {
    const lock = new DatabaseSync(path, { timeout: 0 });
    try {
      take(folder, path, lock);
    } catch (error) {
      lock.close();
      throw error;
    }
    return () => lock.close();
  } catch (error) {
    if (error instanceof StartError) throw error;
    if (isLocked(error)) throw new StartError(`the data folder ${folder} is in use by another relay`);
    throw new StartError(`${path} cannot be used: ${reasonOf(error)}; when no relay runs, it may be removed`);
  }
}
