/** What goes wrong in the store, and the words for it. */

/** Why the store could not do what it was asked. */
export type StoreProblem = 'full' | 'read_only' | 'damaged' | 'busy' | 'closed' | 'failed';

/** SQLite's primary result codes that we distinguish. */
const CODES: Record<number, StoreProblem> = {
  5: 'busy', // SQLITE_BUSY
  8: 'read_only', // SQLITE_READONLY
  11: 'damaged', // SQLITE_CORRUPT
  13: 'full', // SQLITE_FULL
  26: 'damaged', // SQLITE_NOTADB
};

/** The system's codes for a file that cannot be written. */
const FILE_CODES: ReadonlyMap<unknown, StoreProblem> = new Map([
  ['EROFS', 'read_only'],
  ['EACCES', 'read_only'],
  ['EPERM', 'read_only'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
]);

/** Classifies a thrown value. */
export function problemOf(error: unknown): StoreProblem {
  if (!(error instanceof Error)) return 'failed';
  if (error instanceof StoreError) return error.problem;
  if ('errcode' in error && typeof error.errcode === 'number') return CODES[error.errcode & 0xff] ?? 'failed';
  return ('code' in error ? FILE_CODES.get(error.code) : undefined) ?? 'failed';
}

/** A failed call of the store, as main sees it. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly problem: StoreProblem;

  constructor(problem: StoreProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

/** The word for a failed write: `disk_full` when the disk has no room for it. @param error whatever was thrown. */
export function writeProblem(error: unknown): 'disk_full' | 'storage_failed' {
  return problemOf(error) === 'full' ? 'disk_full' : 'storage_failed';
}
