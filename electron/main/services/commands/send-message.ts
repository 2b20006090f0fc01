/** What every command that sends something needs: a check of the text, and the one way into the outbox. */
import { MessageContent, OptionalMessageContent } from '#contract/api/shared.ts';
import type { MessageView } from '#contract/ipc/views.ts';
import { fail, type Result } from '#contract/model/errors.ts';
import type { Account } from '../accounts/account.ts';

/** @param hasFiles a message with files may have no text. */
export function textProblem(text: string, hasFiles: boolean): Result<never> | null {
  if ((hasFiles ? OptionalMessageContent : MessageContent).safeParse(text).success) return null;
  return fail('validation', 'the text cannot be sent', { fields: { text: 'invalid' } });
}

interface Written {
  chatId: string;
  text: string;
  replyTo: string | null;
  files: string[];
  uploads?: string[];
}

/**
 * Stores a message and its job in one transaction; null when there is no such chat, or an
 * upload is not in its composer.
 */
export async function enqueueMessage(account: Account, written: Written): Promise<MessageView | null> {
  const localId = account.newMessageId();
  const place = account.connection ? account.outbox.reserve(written.chatId) : null;
  account.failpoint('enqueue-asked');
  const queued = await account.store.writer
    .enqueue({
      localId,
      ...written,
      state: account.connection ? 'queued' : 'waiting_auth',
      writtenAt: account.serverNow() ?? account.clock.now(),
      mayLeave: place !== null,
      now: account.clock.now(),
    })
    .catch((error: unknown) => {
      place?.release();
      throw error;
    });
  account.failpoint('enqueue-committed');
  if (queued) account.publish(queued.changes);
  if (place && queued?.outgoing) place.leave(queued.outgoing);
  else if (place) place.release();
  else account.outbox.wake();
  return queued?.view ?? null;
}
