/** The user's actions on messages, as commands to main. Their effects come back as push events. */
import type { MessageView } from '#contract/ipc/views.ts';
import { DEFAULT_REACTIONS } from '#contract/model/limits.ts';
import type { Result } from '#contract/model/errors.ts';
import { askAs, type AccountInput } from '../account-bridge.ts';
import { defineAccountStore } from '../account-store.ts';
import { useMessagesStore } from '../messages.ts';

export const useMessageCommands = defineAccountStore('message-commands', (accountId) => {
  const ask = askAs(accountId);
  const messages = useMessagesStore(accountId);

  async function taking(answer: Promise<Result<MessageView>>): Promise<Result<MessageView>> {
    const result = await answer;
    if (result.ok) messages.take(result.value);
    return result;
  }

  return {
    /**
     * Queues a text in the outbox and returns its bubble. On failure nothing was queued, and the caller keeps the text.
     */
    send: (input: AccountInput<'messages.send'>) => taking(ask((bridge) => bridge.messages.send({ ...input }))),
    /** Changes a message that has not been sent yet. */
    edit: (localId: string, text: string) => taking(ask((bridge) => bridge.messages.edit({ localId, text }))),
    /** Resends a failed or undecided message. */
    resend: (localId: string) => taking(ask((bridge) => bridge.messages.resend({ localId }))),
    /** Cancels a message that has not been sent yet. */
    cancel: (localId: string) => ask((bridge) => bridge.messages.cancel({ localId })),
    /** Gives up a failed or undecided message. */
    discard: (localId: string) => ask((bridge) => bridge.messages.discard({ localId })),
    forward: (messageIds: string[], chatIds: string[]) =>
      ask((bridge) => bridge.messages.forward({ messageIds, chatIds })),
    /** Adds or removes the user's own reaction. */
    react: (messageId: string, emoji: string, on: boolean) =>
      ask((bridge) =>
        on ? bridge.messages.react({ messageId, emoji }) : bridge.messages.unreact({ messageId, emoji }),
      ),
    details: (key: string) => ask((bridge) => bridge.messages.details({ key })),
    markRead: (chatId: string, messageId: string) => ask((bridge) => bridge.chats.markRead({ chatId, messageId })),
    setTyping: (chatId: string, typing: boolean) => ask((bridge) => bridge.chats.setTyping({ chatId, typing })),
    saveDraft: (input: AccountInput<'chats.saveDraft'>) => ask((bridge) => bridge.chats.saveDraft({ ...input })),
    /** The reactions this server accepts; the default ones if it does not say. */
    async reactionEmojis(): Promise<readonly string[]> {
      const answer = await ask((bridge) => bridge.messages.emojis({}));
      return answer.ok && answer.value.length > 0 ? answer.value : DEFAULT_REACTIONS;
    },
  };
});
