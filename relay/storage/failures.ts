/** What the storage says when it fails, told apart from mistakes in the program. */
import { RelayError } from '../errors.ts';

const FULL = 13;
/** Locked by another program, no memory, read-only, input and output, full, not to be opened: may pass by itself. */
const PASSING: ReadonlySet<number> = new Set([5, 6, 7, 8, 10, FULL, 14]);

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** SQLite's own code of a failure, without the details in its upper bytes; null when the error is not SQLite's. */
function sqliteCode(error: unknown): number | null {
  if (codeOf(error) !== 'ERR_SQLITE_ERROR') return null;
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : null;
  return typeof code === 'number' ? code & 0xff : null;
}

/** The error as a request's answer tells it: a full disk is the one failure of the storage that has a word of its own. */
export function told(error: unknown): unknown {
  return sqliteCode(error) === FULL ? new RelayError('quota_exceeded', 'The disk of the server is full.') : error;
}

/** Whether the same write may succeed later: the storage did not take it, and nothing was wrong with it. */
export function isStorageFailure(error: unknown): boolean {
  if (error instanceof RelayError) return error.code === 'quota_exceeded';
  return PASSING.has(sqliteCode(error) ?? 0);
}
