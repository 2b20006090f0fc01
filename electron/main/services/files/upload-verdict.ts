/** What an upload that did not succeed means for the file, and how long the next attempt waits. Pure. */
import type { AppError, ErrorCode } from '#contract/model/errors.ts';
import { jitter } from '../../lib/jitter.ts';

/** How long an upload is tried in one run before it counts as failed, in milliseconds. */
export const KEEP_TRYING_MS = 7 * 24 * 3_600_000;
/** The shortest and the longest wait that a server can impose, in milliseconds. */
const LEAST_QUIET_MS = 500;
const LONGEST_QUIET_MS = 3_600_000;

/** Reasons that another attempt cannot fix. */
const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'validation',
  'forbidden',
  'not_found',
  'too_large',
  'unsupported_media',
  'quota_exceeded',
  'server_full',
  'bad_request',
  'denied',
  'unsupported_by_server',
  'redirected',
  'bad_address',
  'file_unreadable',
  'file_changed',
  'file_gone',
  'file_empty',
  'file_is_folder',
  'file_is_link',
  'file_too_large',
]);

/** `refused`: only the user can start it again. `auth`: it waits for a sign-in. `again`: it is tried again. */
export type UploadVerdict = 'refused' | 'auth' | 'again';

export function uploadVerdict(code: ErrorCode): UploadVerdict {
  if (code === 'unauthenticated') return 'auth';
  return FINAL.has(code) ? 'refused' : 'again';
}

/** True when the server asks for quiet: then all uploads of the account wait. */
export function isQuietAsked({ code, retryAfterMs }: Pick<AppError, 'code' | 'retryAfterMs'>): boolean {
  return code === 'rate_limited' || retryAfterMs !== undefined;
}

/**
 * Milliseconds until the next attempt: what the server says, within reason, and never less than our own backoff.
 * @param tries failures since the last fresh start, from 1. @param random in [0, 1).
 */
export function uploadWait(error: Pick<AppError, 'code' | 'retryAfterMs'>, tries: number, random: number): number {
  const backoff = jitter(tries, random);
  if (!isQuietAsked(error)) return backoff;
  return Math.min(Math.max(error.retryAfterMs ?? 0, backoff, LEAST_QUIET_MS), LONGEST_QUIET_MS);
}
