/** What a message has to say about itself below its bubble. Pure. */
import type { MessageView } from '#contract/ipc/views.ts';

/** Nobody knows whether it was sent; it was not; it waits for a sign-in; it is there twice. */
export type MessageNoteKind = 'undecided' | 'failed' | 'waiting_auth' | 'double';

/** The note of a message, the most pressing one; null for most. */
export function noteOf({ undecided, state, doubleOf }: MessageView): MessageNoteKind | null {
  if (undecided) return 'undecided';
  if (state === 'failed' || state === 'waiting_auth') return state;
  return doubleOf === null ? null : 'double';
}
