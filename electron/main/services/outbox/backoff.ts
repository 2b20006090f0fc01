/** How long a send waits before its next try. Pure. */
import type { ErrorCode } from '#contract/model/errors.ts';
import { jitter } from '../../lib/jitter.ts';

/** A message is tried for this long before it counts as failed, in milliseconds. */
export const KEEP_TRYING_MS = 7 * 24 * 3_600_000;
/** Unanswered attempts, on a server without keys, after which only the person can decide. */
export const ASK_AFTER = 3;

/** Nobody waits longer than this because a server says so, in milliseconds. */
export const LONGEST_QUIET_MS = 3_600_000;
/** A server that asks for quiet gets at least so much of it, whatever it says: "at once", again and again, is a loop. */
export const LEAST_QUIET_MS = 500;

/** A failed try, as far as its wait depends on it. */
interface Refusal {
  code: ErrorCode;
  retryAfterMs?: number | undefined;
}

/** True when the server asks for quiet: it says until when, or that there was too much. */
export function asksForQuiet({ code, retryAfterMs }: Refusal): boolean {
  return code === 'rate_limited' || retryAfterMs !== undefined;
}

/**
 * Milliseconds until the next try: what the server says, within reason, and never less than our own wait.
 * @param tries how often it failed since the last fresh start, from 1.
 * @param random in [0, 1).
 */
export function waitAfter(refusal: Refusal, tries: number, random: number): number {
  const own = jitter(tries, random);
  if (!asksForQuiet(refusal)) return own;
  return Math.min(Math.max(refusal.retryAfterMs ?? 0, own, LEAST_QUIET_MS), LONGEST_QUIET_MS);
}

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
