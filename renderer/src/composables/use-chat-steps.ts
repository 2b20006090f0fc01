/** Moves to the chat above or below the open one, in list order. */
import { useRoute, useRouter } from 'vue-router';
import { useChatListStore } from '../stores/account/chat-list.ts';

export function useChatSteps() {
  const route = useRoute();
  const router = useRouter();
  const list = useChatListStore();

  /** Moves by `by` rows; to the first if no chat is open. False when the list is empty. */
  function step(by: 1 | -1): boolean {
    const shown = list.shown;
    if (shown.length === 0) return false;
    const index = shown.findIndex((chat) => chat.id === route.params['chatId']);
    const next = shown[index === -1 ? 0 : Math.min(Math.max(index + by, 0), shown.length - 1)];
    if (!next) return false;
    void router.push({ name: 'chats', params: { chatId: next.id } });
    return true;
  }

  return { step };
}
