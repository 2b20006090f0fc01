/** The word for what the system says when a file cannot be written. */

/** No room on the disk, in the user's share of it, or in a file of that kind. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** @param code of the system, as in `ENOSPC`. */
export function diskProblem(code: string): 'disk_full' | 'storage_failed' {
  return FULL.has(code) ? 'disk_full' : 'storage_failed';
}
