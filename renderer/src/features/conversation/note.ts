/** What a message has to say about itself below its bubble. Pure. */
import type { MessageView } from '#contract/ipc/views.ts';

/** Nobody knows whether it was sent; it was not; it waits for a sign-in, or because the server asks for it; it is there twice. */
export type MessageNoteKind = 'undecided' | 'failed' | 'waiting_auth' | 'slowed' | 'double';

/** The note of a message, the most pressing one; null for most. */
export function noteOf({ undecided, state, problem, doubleOf }: MessageView): MessageNoteKind | null {
  if (undecided) return 'undecided';
  if (state === 'failed' || state === 'waiting_auth') return state;
  if (state === 'queued' && problem === 'rate_limited') return 'slowed';
  return doubleOf === null ? null : 'double';
}
