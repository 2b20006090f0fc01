/** What a person does with messages, as commands to main. Their effects come back as pushes. */
import type { ChannelInput } from '#contract/ipc/channels.ts';
import type { MessageView } from '#contract/ipc/views.ts';
import { DEFAULT_REACTIONS } from '#contract/model/limits.ts';
import type { Result } from '#contract/model/errors.ts';
import { ask } from '../bridge-call.ts';
import { useMessagesStore } from '../messages.ts';

async function taking(answer: Promise<Result<MessageView>>): Promise<Result<MessageView>> {
  const result = await answer;
  if (result.ok) useMessagesStore().take(result.value);
  return result;
}

/** Hands a text over to the outbox; the answer is its bubble. On failure nothing was kept: the text stays with the caller. */
export const sendMessage = (input: ChannelInput<'messages.send'>) =>
  taking(ask((bridge) => bridge.messages.send({ ...input })));

/** Changes a message that has not left yet. */
export const editMessage = (localId: string, text: string) =>
  taking(ask((bridge) => bridge.messages.edit({ localId, text })));

/** Sends a failed or undecided message again. */
export const resendMessage = (localId: string) => taking(ask((bridge) => bridge.messages.resend({ localId })));

/** Takes back a message that has not left yet. */
export const cancelMessage = (localId: string) => ask((bridge) => bridge.messages.cancel({ localId }));

/** Gives a failed or undecided message up. */
export const discardMessage = (localId: string) => ask((bridge) => bridge.messages.discard({ localId }));

export const forwardMessages = (messageIds: string[], chatIds: string[]) =>
  ask((bridge) => bridge.messages.forward({ messageIds, chatIds }));

/** Puts or takes one's own emoji. */
export const setReaction = (messageId: string, emoji: string, on: boolean) =>
  ask((bridge) => (on ? bridge.messages.react({ messageId, emoji }) : bridge.messages.unreact({ messageId, emoji })));

export const messageDetails = (key: string) => ask((bridge) => bridge.messages.details({ key }));

export const markRead = (chatId: string, messageId: string) =>
  ask((bridge) => bridge.chats.markRead({ chatId, messageId }));

export const setTyping = (chatId: string, typing: boolean) =>
  ask((bridge) => bridge.chats.setTyping({ chatId, typing }));

export const saveDraft = (input: ChannelInput<'chats.saveDraft'>) =>
  ask((bridge) => bridge.chats.saveDraft({ ...input }));

/** The emojis this server takes as reactions; the usual ones where it does not tell. */
export async function reactionEmojis(): Promise<readonly string[]> {
  const answer = await ask((bridge) => bridge.messages.emojis({}));
  return answer.ok && answer.value.length > 0 ? answer.value : DEFAULT_REACTIONS;
}
