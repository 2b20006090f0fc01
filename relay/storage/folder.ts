/** The node's one folder: made, checked, held by one process at a time, and the signing secret in it. */
import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The node cannot start as it was told to; `message` is the one line that the person at the terminal sees. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartError';
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Makes the folder (readable by its owner only) when it is missing, and checks that it can be written. */
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
 * Holds the folder until the answer is called or the process ends, however it ends: the lock is the system's, on a file
 * of its own, so nothing stale stays behind.
 */
export function lockFolder(folder: string): () => void {
  try {
    const lock = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 });
    try {
      lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
    } catch (error) {
      lock.close();
      throw error;
    }
    return () => lock.close();
  } catch (error) {
    const reason = reasonOf(error);
    throw new StartError(
      /locked/.test(reason)
        ? `the data folder ${folder} is in use by another relay`
        : `the data folder ${folder} cannot be used: ${reason}`,
    );
  }
}

/** Bytes of a secret: as many as HMAC-SHA256 gives. */
export const SECRET_BYTES = 32;

/** The signing secret: the given one, else the folder's own, made at first start and readable by its owner only. */
export function signingSecret(folder: string, given: string | undefined): Uint8Array {
  if (given !== undefined) {
    const secret = Buffer.from(given, 'utf8');
    if (secret.length < SECRET_BYTES) {
      throw new StartError(
        `RELAY_JWT_SECRET is too short: ${secret.length} bytes, at least ${SECRET_BYTES} are needed`,
      );
    }
    return secret;
  }
  const path = join(folder, 'jwt-secret');
  try {
    // "wx" fails when the file is there: two first starts cannot each make a secret of their own.
    writeFileSync(path, randomBytes(SECRET_BYTES).toString('hex'), { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  const secret = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
  if (secret.length < SECRET_BYTES) {
    throw new StartError(`${path} does not hold a secret: remove it to get a new one (everybody signs in again)`);
  }
  return secret;
}
