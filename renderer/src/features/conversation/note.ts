/** The note below a message's bubble. Pure. */
import type { MessageView } from '#contract/ipc/views.ts';

/** Unknown whether it was sent; not sent; waiting for a sign-in; waiting for the server's rate limit; a duplicate. */
export type MessageNoteKind = 'undecided' | 'failed' | 'waiting_auth' | 'slowed' | 'double';

/** The most important note of a message; null for most. */
export function noteOf({ undecided, state, problem, doubleOf }: MessageView): MessageNoteKind | null {
  if (undecided) return 'undecided';
  if (state === 'failed' || state === 'waiting_auth') return state;
  if (state === 'queued' && problem === 'rate_limited') return 'slowed';
  return doubleOf === null ? null : 'double';
}
