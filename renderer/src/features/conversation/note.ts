/** Whether a message has something to say about itself. Pure. */
import type { MessageView } from '#contract/ipc/views.ts';

/** True for a message that was not sent, waits for a sign-in, or is a double: MessageNote says so below its bubble. */
export function hasNote(message: MessageView): boolean {
  const { state } = message;
  return message.undecided || state === 'failed' || state === 'waiting_auth' || message.doubleOf !== null;
}
