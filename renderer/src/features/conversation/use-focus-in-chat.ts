/** Where the focus goes in a conversation after a jump and after the reaction list closes, so that it is never lost. */
import { nextTick, watch, type ShallowRef } from 'vue';
import type { MessageView } from '#contract/ipc/views.ts';
import type { Conversation } from './use-conversation.ts';
import type { RowKeys } from './use-row-keys.ts';

/** `write` focuses the composer. */
export function useFocusInChat(
  conversation: Pick<Conversation, 'goToMessage' | 'goToDay'>,
  keys: Pick<RowKeys, 'focusKey'>,
  reacting: Readonly<ShallowRef<readonly MessageView[]>>,
  write: () => void,
) {
  /** The row from which reactions were opened by keyboard. */
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
    /** Goes to a message. Keeps the focus, unless its element has disappeared. */
    async goTo(messageId: string): Promise<void> {
      await conversation.goToMessage(messageId);
      await nextTick();
      if (document.activeElement === document.body && !(await keys.focusKey(messageId))) write();
    },
    /** Goes to a day and focuses its first message, since the calendar is gone. */
    async goToDay(day: number): Promise<void> {
      const key = await conversation.goToDay(day);
      if (key === null || !(await keys.focusKey(key))) write();
    },
    /** Returns to the row from which the list was opened, otherwise to the composer. */
    afterReaction(): void {
      if (from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
      else write();
    },
  };
}
