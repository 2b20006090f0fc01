import type { StoreProblem } from './protocol.ts';

/** SQLite's primary result codes that mean something to us. */
const CODES: Record<number, StoreProblem> = {
  5: 'busy', // SQLITE_BUSY
  8: 'read_only', // SQLITE_READONLY
  11: 'damaged', // SQLITE_CORRUPT
  13: 'full', // SQLITE_FULL
  26: 'damaged', // SQLITE_NOTADB
};

/** What kind of trouble a thrown value is. */
export function problemOf(error: unknown): StoreProblem {
  if (!(error instanceof Error)) return 'failed';
  if (error instanceof StoreError) return error.problem;
  if ('errcode' in error && typeof error.errcode === 'number') return CODES[error.errcode & 0xff] ?? 'failed';
  if ('code' in error && (error.code === 'EROFS' || error.code === 'EACCES')) return 'read_only';
  if ('code' in error && error.code === 'ENOSPC') return 'full';
  return 'failed';
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
