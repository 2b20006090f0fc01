/** Where the keyboard goes on in a conversation: after a jump, and after a list of emojis. It is never lost. */
import { nextTick, watch, type ShallowRef } from 'vue';
import type { MessageView } from '#contract/ipc/views.ts';
import type { Conversation } from './use-conversation.ts';
import type { RowKeys } from './use-row-keys.ts';

/** `write` gives the focus to the composer. */
export function useFocusInChat(
  conversation: Pick<Conversation, 'goToMessage' | 'goToDay'>,
  keys: Pick<RowKeys, 'focusKey'>,
  reacting: Readonly<ShallowRef<readonly MessageView[]>>,
  write: () => void,
) {
  /** The row from which emojis were asked for, by keyboard. */
  let from: Element | null = null;
  watch(
    reacting,
    (messages, before) => {
      if (messages.length === 0 || before.length > 0) return;
      const active = document.activeElement;
      from = active?.matches('[data-message-key]:focus-visible') ? active : null;
    },
    { flush: 'sync' },
  );

  return {
    /** Goes to a message. The focus stays where it is, unless that went away with what was left. */
    async goTo(messageId: string): Promise<void> {
      await conversation.goToMessage(messageId);
      await nextTick();
      if (document.activeElement === document.body && !(await keys.focusKey(messageId))) write();
    },
    /** Goes to a day and to its first message: what was chosen from has gone. */
    async goToDay(day: number): Promise<void> {
      const key = await conversation.goToDay(day);
      if (key === null || !(await keys.focusKey(key))) write();
    },
    /** Back to the row from which the list was opened, else to writing. */
    afterReaction(): void {
      if (from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
      else write();
    },
  };
}
