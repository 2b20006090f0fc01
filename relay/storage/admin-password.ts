/**
 * The administrator's password, when the node makes it: it goes to a file of the folder and nowhere else. A line on a
 * terminal is read by whoever stands there, and ends up in logs.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { keptFile, writePrivately } from './folder.ts';

const FILE = 'admin-password';
/** Bytes of a password of ours, with some room for what an editor adds. */
const MAX_BYTES = 1024;

/**
 * Makes one and keeps it, in place of what an earlier start left. Before the account has it: a start that is cut off in
 * between makes another one.
 * @returns the password and the file that holds it, for its owner alone.
 * @throws StartError when something else stands there, or the disk does not take it.
 */
export function makeAdminPassword(folder: string): { password: string; file: string } {
  const { path } = keptFile(folder, FILE);
  const password = randomBytes(12).toString('base64url');
  writePrivately(path, `${password}\n`);
  return { password, file: path };
}

/** Removes a file that no longer says the truth: the password is now the `given` one. */
export function dropAdminPassword(folder: string, given: string): void {
  const { path, size } = keptFile(folder, FILE);
  if (size === null) return;
  if (size <= MAX_BYTES && readFileSync(path, 'utf8').trim() === given) return;
  rmSync(path);
}
