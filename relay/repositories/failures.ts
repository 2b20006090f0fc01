/** Distinguishes storage failures from programming errors. */
import { RelayError } from '../errors.ts';

const FULL = 13;
/** Busy, locked, out of memory, read-only, I/O error, full, cannot open: may be temporary. */
const PASSING: ReadonlySet<number> = new Set([5, 6, 7, 8, 10, FULL, 14]);

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** SQLite's primary result code, without the extended bits; null when the error is not SQLite's. */
function sqliteCode(error: unknown): number | null {
  if (codeOf(error) !== 'ERR_SQLITE_ERROR') return null;
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : null;
  return typeof code === 'number' ? code & 0xff : null;
}

/** The error as reported in a response: of the storage failures, only a full disk has a code of its own. */
export function told(error: unknown): unknown {
  return sqliteCode(error) === FULL ? new RelayError('quota_exceeded', 'The disk of the server is full.') : error;
}

/** Whether the same write may succeed later: storage refused it, and nothing was wrong with the write itself. */
export function isStorageFailure(error: unknown): boolean {
  if (error instanceof RelayError) return error.code === 'quota_exceeded';
  return PASSING.has(sqliteCode(error) ?? 0);
}
