/** How long a send waits before its next try. Pure. */
import type { ErrorCode } from '#contract/model/errors.ts';

/** A message is tried for this long before it counts as failed. */
export const KEEP_TRYING_MS = 7 * 24 * 3_600_000;
/** Unanswered attempts, on a server without keys, after which only the person can decide. */
export const ASK_AFTER = 3;

/** Reasons that another try cannot mend: the message itself is refused. */
const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'validation',
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'unsupported_media',
  'quota_exceeded',
  'key_reused',
  'bad_request',
  'denied',
  'unsupported_by_server',
]);

/** What an unsuccessful request means for the message. */
export type Verdict = 'unanswered' | 'auth' | 'refused' | 'again';

/** Reads a failed request: what is certainly not stored is tried again or given up, anything else is unanswered. */
export function verdict(code: ErrorCode, effect: 'not_stored' | 'unknown'): Verdict {
  if (effect === 'unknown') return 'unanswered';
  if (code === 'unauthenticated') return 'auth';
  return FINAL.has(code) ? 'refused' : 'again';
}
