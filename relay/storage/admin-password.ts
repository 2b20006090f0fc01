/**
 * The generated administrator password: it goes to a file in the data folder and nowhere else. Terminal output can be
 * read by bystanders and ends up in logs.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { keptFile, writePrivately } from './folder.ts';

const FILE = 'admin-password';
/** Maximum size in bytes of a password file, with room for what an editor may append. */
const MAX_BYTES = 1024;

/**
 * Generates a password and stores it, replacing what an earlier start left. Called before the account is updated: if
 * the start is interrupted in between, the next one generates another.
 * @returns the password, and the file that contains it, readable by its owner only.
 * @throws StartError when something else is at that path, or writing fails.
 */
export function makeAdminPassword(folder: string): { password: string; file: string } {
  const { path } = keptFile(folder, FILE);
  const password = randomBytes(12).toString('base64url');
  writePrivately(path, `${password}\n`);
  return { password, file: path };
}

/** Removes the file if it is out of date: the password is now `given`. */
export function dropAdminPassword(folder: string, given: string): void {
  const { path, size } = keptFile(folder, FILE);
  if (size === null) return;
  if (size <= MAX_BYTES && readFileSync(path, 'utf8').trim() === given) return;
  rmSync(path);
}
