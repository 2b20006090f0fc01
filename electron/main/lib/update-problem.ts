/** Names for what goes wrong in an update, by the codes of Node and of electron-updater. Pure. */
import type { UpdateProblem } from '#contract/model/updates.ts';

const BY_CODE: readonly [RegExp, UpdateProblem][] = [
  [/^(ERR_CHECKSUM_MISMATCH)$/, 'bad_checksum'],
  [/^(ERR_UPDATER_INVALID_SIGNATURE)$/, 'bad_signature'],
  [/^(ENOSPC|EDQUOT)$/, 'disk_full'],
  [/^(EACCES|EPERM|EROFS|ETXTBSY|ERR_UPDATER_OLD_FILE_NOT_FOUND)$/, 'not_writable'],
  [/^(ERR_UPDATER_CHANNEL_FILE_NOT_FOUND|HTTP_ERROR_\d+)$/, 'server_error'],
  [/^ERR_UPDATER_/, 'bad_feed'],
  // No certificate that is trusted is no answer of that place.
  [/^(E[A-Z]*CONN[A-Z]*|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|E(NET|HOST)UNREACH|CERT_.*|ERR_TLS_.*)$/, 'no_answer'],
  [/^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|ERR_SSL_.*|HPE_.*)$/, 'no_answer'],
];

/** Squirrel on macOS and the library itself have words where others have codes. */
const BY_WORDS: readonly [RegExp, UpdateProblem][] = [
  [/code signature/i, 'bad_signature'],
  [/read-only/i, 'not_writable'],
  [/timed out|socket hang up|aborted/i, 'no_answer'],
  [/too many redirects/i, 'insecure'],
];

/** @param error what was thrown, with a `problem` of our own if we did it. */
export function updateProblem(error: unknown): UpdateProblem {
  if (!(error instanceof Error)) return 'failed';
  if ('problem' in error) return error.problem as UpdateProblem;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const found =
    BY_CODE.find(([pattern]) => pattern.test(code)) ?? BY_WORDS.find(([pattern]) => pattern.test(error.message));
  if (found) return found[1];
  // The library reads what a feed says without looking first.
  return error instanceof TypeError ? 'bad_feed' : 'failed';
}
