/** What rows can do in their conversation; injected, so that no chain of events is needed. */
import { inject, type InjectionKey, type Ref } from 'vue';
import type { AttachmentView, MessageView } from '#contract/ipc/views.ts';

export interface ConversationActions {
  reply(message: MessageView): void;
  /** Adds or removes the user's own reaction. */
  react(message: MessageView, emoji: string): void;
  copy(message: MessageView): void;
  forward(messages: MessageView[]): void;
  details(message: MessageView): void;
  /** The emojis offered directly next to a message. */
  readonly quick: Readonly<Ref<readonly string[]>>;
  /** Starts a selection with this message, or adds or removes it. */
  toggleSelected(message: MessageView): void;
  /** Extends the selection from the last selected message to this one. */
  selectTo(message: MessageView): void;
  cancel(message: MessageView): void;
  edit(message: MessageView): void;
  resend(message: MessageView): void;
  discard(message: MessageView): void;
  /** Goes to a message by its server id. */
  goTo(messageId: string): void;
  openLink(href: string): void;
  /** Shows a picture of the message in the viewer. */
  openPicture(message: MessageView, file: AttachmentView): void;
  /** Keeps the toolbar of the hovered message while its menu is open. */
  hold(open: boolean): void;
  /** The music library has this file. */
  isListed: (fileId: string) => boolean;
  /** Runs an entry of the message menu. */
  menu(id: string, message: MessageView): void;
}

export const CONVERSATION_ACTIONS: InjectionKey<ConversationActions> = Symbol('conversation actions');

/** The actions of the surrounding conversation. */
export function useConversationActions(): ConversationActions {
  const actions = inject(CONVERSATION_ACTIONS);
  if (!actions) throw new Error('A message stands outside of a conversation.');
  return actions;
}
