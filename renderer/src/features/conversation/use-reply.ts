/** What the text being written answers: chosen in this visit, or begun in an earlier one. */
import { computed, ref, type ShallowRef } from 'vue';
import type { ChatView, MessageView } from '#contract/ipc/views.ts';
import { useConversationsStore } from '../../stores/account/conversations.ts';

/** `reply` is what was chosen in this visit, `find` a message of the window; `you` names oneself. */
export function useReply(
  chat: ChatView,
  reply: ShallowRef<MessageView | null>,
  find: (id: string) => MessageView | null,
  you: () => string,
) {
  const written = useConversationsStore().drafts.get(chat.id);
  const begun = ref(written ? written.replyTo : chat.draftReplyTo);
  const replyView = computed(() => {
    const id = reply.value?.id ?? begun.value;
    if (id === null) return null;
    const message = reply.value ?? find(id);
    if (!message) return { id, name: chat.title, text: '' };
    return { id, name: message.mine ? you() : message.senderName, text: message.text };
  });

  function endReply(): void {
    reply.value = null;
    begun.value = null;
  }

  return { replyView, endReply };
}
