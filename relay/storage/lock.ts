/**
 * One relay per folder. The lock is an OS file lock, held by SQLite on its own file (`lock.db`) until the process ends
 * for whatever reason, so there are no stale locks.
 *
 * A lock belongs to the opened file, not to its name: if `lock.db` is deleted and created again, a second process can
 * lock the new file. So a lock file records its own identity, and one that does not match (new, copied, or put in place
 * of a deleted one) counts only if no other program has `relay.db` open.
 */
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../start-error.ts';
import { keptFile, reasonOf } from './folder.ts';

/** Milliseconds to wait for a program that only reads the database, such as a backup. */
const READERS_MS = 2000;

function isLocked(error: unknown): boolean {
  return /locked/.test(reasonOf(error));
}

/** Whether any program has the database open: every connection holds a lock on the file. */
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
    // Other problems with the database are reported when it is opened.
    return isLocked(error);
  }
}

/** Locks this connection's file until it is closed. */
function hold(lock: DatabaseSync): void {
  lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
}

/** The identity recorded in the lock file; null if there is none. */
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
  // The exclusive lock survives the commit.
  lock.exec('COMMIT; BEGIN EXCLUSIVE;');
}

/**
 * Locks the folder until the returned function is called or the process ends.
 * @throws StartError when another relay holds it.
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
