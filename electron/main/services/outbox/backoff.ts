/** How long a send waits before its next attempt. Pure. */
import type { ErrorCode } from '#contract/model/errors.ts';
import { jitter } from '../../lib/jitter.ts';

/** How long a message is retried before it counts as failed, in milliseconds. */
export const KEEP_TRYING_MS = 7 * 24 * 3_600_000;
/** Unanswered attempts, on a server without idempotency, after which only the user can decide. */
export const ASK_AFTER = 3;

/** The longest wait that a server can impose, in milliseconds. */
export const LONGEST_QUIET_MS = 3_600_000;
/** The shortest wait when a server asks for quiet, in milliseconds: "at once", again and again, would be a loop. */
export const LEAST_QUIET_MS = 500;

/** What the wait after a failed attempt depends on. */
interface Refusal {
  code: ErrorCode;
  retryAfterMs?: number | undefined;
}

/** True when the server asks for quiet: it names a time, or says that there was too much. */
export function asksForQuiet({ code, retryAfterMs }: Refusal): boolean {
  return code === 'rate_limited' || retryAfterMs !== undefined;
}

/**
 * Milliseconds until the next attempt: what the server says, within reason, and never less than our own backoff.
 * @param tries failures since the last fresh start, from 1.
 * @param random in [0, 1).
 */
export function waitAfter(refusal: Refusal, tries: number, random: number): number {
  const backoff = jitter(tries, random);
  if (!asksForQuiet(refusal)) return backoff;
  return Math.min(Math.max(refusal.retryAfterMs ?? 0, backoff, LEAST_QUIET_MS), LONGEST_QUIET_MS);
}

/** Reasons that another attempt cannot fix: the message itself is refused. */
const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'validation',
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'unsupported_media',
  'quota_exceeded',
  'server_full',
  'key_reused',
  'bad_request',
  'denied',
  'unsupported_by_server',
]);

/** What an unsuccessful request means for the message. */
export type Verdict = 'unanswered' | 'auth' | 'refused' | 'again';

/** Interprets a failed request: what is certainly not stored is retried or refused, anything else is unanswered. */
export function verdict(code: ErrorCode, effect: 'not_stored' | 'unknown'): Verdict {
  if (effect === 'unknown') return 'unanswered';
  if (code === 'unauthenticated') return 'auth';
  return FINAL.has(code) ? 'refused' : 'again';
}
