/** The message being replied to: chosen during this visit, or restored from a draft. */
import { computed, ref, type ShallowRef } from 'vue';
import type { ChatView, MessageView } from '#contract/ipc/views.ts';
import { useConversationsStore } from '../../stores/account/conversations.ts';

/** `reply` was chosen during this visit, `find` returns a message of the window; `you` is the user's own label. */
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
