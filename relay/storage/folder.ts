/** The node's data folder, and checks on the files the node keeps in it. */
import { accessSync, constants, lstatSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartError } from '../start-error.ts';

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A one-line error for failures of the file system or SQLite; anything else is a bug and is returned unchanged. */
export function startErrorOf(error: unknown, folder: string): unknown {
  if (error instanceof StartError || !(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = 'syscall' in error || code === 'ERR_SQLITE_ERROR' || code === 'quota_exceeded';
  return known ? new StartError(`the data folder ${folder} cannot be used: ${error.message}`) : error;
}

/** Creates the folder if missing (accessible to its owner only) and checks that it is writable. */
export function openFolder(path: string): string {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(`the data folder ${folder} cannot be used: ${reasonOf(error)}`);
  }
  return folder;
}

/**
 * Checks one of the node's own files before it is opened: opening a pipe blocks forever, and reading a device never
 * ends.
 * @returns its path, and its size in bytes; null if it does not exist yet.
 * @throws StartError when it is not a regular file, or cannot be read and written.
 */
export function keptFile(folder: string, name: string): { path: string; size: number | null } {
  const path = join(folder, name);
  try {
    if (!lstatSync(path, { throwIfNoEntry: false })) return { path, size: null };
    // A link to a file is fine.
    const status = statSync(path, { throwIfNoEntry: false });
    if (!status) throw new StartError(`${path} is a link to nothing: remove it, or put back what it pointed to`);
    if (!status.isFile()) {
      const what = status.isDirectory() ? 'a folder' : 'no ordinary file';
      throw new StartError(`${path} is ${what}, and the relay keeps a file of its own there: move it away`);
    }
    accessSync(path, constants.R_OK | constants.W_OK);
    return { path, size: status.size };
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`${path} cannot be used: ${reasonOf(error)}`);
  }
}

/**
 * Writes one of the node's own files, readable by its owner only. Written to a temporary file and renamed, so that a
 * full disk does not leave an empty file in place of a secret. Windows has no file modes: there the folder's
 * permissions apply.
 * @throws StartError
 */
export function writePrivately(path: string, text: string): void {
  const unfinished = `${path}.new`;
  try {
    rmSync(unfinished, { force: true });
    writeFileSync(unfinished, text, { flag: 'wx', mode: 0o600, flush: true });
    renameSync(unfinished, path);
  } catch (error) {
    throw new StartError(`${path} cannot be written: ${reasonOf(error)}`);
  }
}
