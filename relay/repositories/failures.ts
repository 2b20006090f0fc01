/** Distinguishes storage failures from programming errors, for both databases. */
import { RelayError } from '../errors.ts';

const SQLITE_FULL = 13;
/** Busy, locked, out of memory, read-only, I/O error, full, cannot open: may be temporary. */
const SQLITE_PASSING: ReadonlySet<number> = new Set([5, 6, 7, 8, 10, SQLITE_FULL, 14]);

const POSTGRES_FULL = '53100';
const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
/**
 * May be temporary: lost connections (08), a full disk, memory or connections (53), time-outs and cancelled statements
 * (55P03, 57014, 25P03), shutdown and start (57P0x), a standby that only reads (25006), I/O errors (58030).
 */
const POSTGRES_PASSING = /^(?:08...|53...|55P03|57014|25P03|57P0.|25006|58030|40001|40P01)$/;
/** The same for the way to the server. */
const NETWORK_PASSING: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What `pg` and its pool say of a lost connection, or one that was not to be had in time: their errors have no code. */
const CONNECTION_LOST: ReadonlySet<string> = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout expired',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
]);

function codeOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}

/** SQLite's primary result code, without the extended bits; null when the error is not SQLite's. */
function sqliteCode(error: unknown): number | null {
  if (codeOf(error) !== 'ERR_SQLITE_ERROR') return null;
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : null;
  return typeof code === 'number' ? code & 0xff : null;
}

/** The error as reported in a response: of the storage failures, only a full disk has a code of its own. */
export function told(error: unknown): unknown {
  const isFull = sqliteCode(error) === SQLITE_FULL || codeOf(error) === POSTGRES_FULL;
  return isFull ? new RelayError('quota_exceeded', 'The disk of the server is full.') : error;
}

/** Whether the same write may succeed later: storage refused it, and nothing was wrong with the write itself. */
export function isStorageFailure(error: unknown): boolean {
  if (error instanceof RelayError) return error.code === 'quota_exceeded';
  const code = codeOf(error);
  if (code !== null && (POSTGRES_PASSING.test(code) || NETWORK_PASSING.has(code))) return true;
  if (code === null && error instanceof Error && CONNECTION_LOST.has(error.message)) return true;
  return SQLITE_PASSING.has(sqliteCode(error) ?? 0);
}

const RACES: ReadonlySet<string> = new Set([UNIQUE_VIOLATION, FOREIGN_KEY_VIOLATION, SERIALIZATION_FAILURE, DEADLOCK]);

/**
 * Whether a PostgreSQL transaction failed because of another one at the same time. Run again it sees what the other one
 * did: also after a violated key, for what it would have inserted is there then, or what it refers to is gone, and its own
 * checks find that.
 */
export function mayRunAgain(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && RACES.has(code);
}
