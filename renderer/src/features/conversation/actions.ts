/** What a row can ask of the conversation it stands in, so that rows carry no chain of events upwards. */
import { inject, type InjectionKey, type Ref } from 'vue';
import type { MessageView } from '#contract/ipc/views.ts';

export interface ConversationActions {
  reply(message: MessageView): void;
  /** Puts or takes one's own emoji. */
  react(message: MessageView, emoji: string): void;
  copy(message: MessageView): void;
  forward(messages: MessageView[]): void;
  details(message: MessageView): void;
  /** The emojis that are at hand beside a message, without a list. */
  readonly quick: Readonly<Ref<readonly string[]>>;
  /** Begins selecting with this message, or adds or removes it. */
  toggleSelected(message: MessageView): void;
  /** Adds everything from the message that was selected last to this one. */
  selectTo(message: MessageView): void;
  cancel(message: MessageView): void;
  edit(message: MessageView): void;
  resend(message: MessageView): void;
  discard(message: MessageView): void;
  /** Goes to a message by its id at the server. */
  goTo(messageId: string): void;
  openLink(href: string): void;
  /** Keeps the tools beside the message under the pointer while their menu is open. */
  hold(open: boolean): void;
  /** Runs an entry of the message menu. */
  menu(id: string, message: MessageView): void;
}

export const CONVERSATION_ACTIONS: InjectionKey<ConversationActions> = Symbol('conversation actions');

/** The actions of the conversation around this component. */
export function useConversationActions(): ConversationActions {
  const actions = inject(CONVERSATION_ACTIONS);
  if (!actions) throw new Error('A message stands outside of a conversation.');
  return actions;
}
