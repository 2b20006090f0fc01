/** What a person does with messages, as commands to main. Their effects come back as pushes. */
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
    /** Hands a text over to the outbox; the answer is its bubble. On failure nothing was kept: the text stays with the caller. */
    send: (input: AccountInput<'messages.send'>) => taking(ask((bridge) => bridge.messages.send({ ...input }))),
    /** Changes a message that has not left yet. */
    edit: (localId: string, text: string) => taking(ask((bridge) => bridge.messages.edit({ localId, text }))),
    /** Sends a failed or undecided message again. */
    resend: (localId: string) => taking(ask((bridge) => bridge.messages.resend({ localId }))),
    /** Takes back a message that has not left yet. */
    cancel: (localId: string) => ask((bridge) => bridge.messages.cancel({ localId })),
    /** Gives a failed or undecided message up. */
    discard: (localId: string) => ask((bridge) => bridge.messages.discard({ localId })),
    forward: (messageIds: string[], chatIds: string[]) =>
      ask((bridge) => bridge.messages.forward({ messageIds, chatIds })),
    /** Puts or takes one's own emoji. */
    react: (messageId: string, emoji: string, on: boolean) =>
      ask((bridge) =>
        on ? bridge.messages.react({ messageId, emoji }) : bridge.messages.unreact({ messageId, emoji }),
      ),
    details: (key: string) => ask((bridge) => bridge.messages.details({ key })),
    markRead: (chatId: string, messageId: string) => ask((bridge) => bridge.chats.markRead({ chatId, messageId })),
    setTyping: (chatId: string, typing: boolean) => ask((bridge) => bridge.chats.setTyping({ chatId, typing })),
    saveDraft: (input: AccountInput<'chats.saveDraft'>) => ask((bridge) => bridge.chats.saveDraft({ ...input })),
    /** The emojis this server takes as reactions; the usual ones where it does not tell. */
    async reactionEmojis(): Promise<readonly string[]> {
      const answer = await ask((bridge) => bridge.messages.emojis({}));
      return answer.ok && answer.value.length > 0 ? answer.value : DEFAULT_REACTIONS;
    },
  };
});
