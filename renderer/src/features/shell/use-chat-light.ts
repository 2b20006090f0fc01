/** The class whose colours light the window: the tone of the open chat's peer, or none. */
import { computed, type ComputedRef } from 'vue';
import { useRoute } from 'vue-router';
import { useChatListStore } from '../../stores/account/chat-list.ts';
import { useChatsStore } from '../../stores/account/chats.ts';
import { toneClass } from '../../ui/avatar.ts';

export function useChatLight(): ComputedRef<string> {
  const route = useRoute();
  const list = useChatListStore();
  const chats = useChatsStore();
  return computed(() => {
    const chat = route.name === 'chats' && list.openChatId !== null ? chats.get(list.openChatId) : null;
    return chat ? toneClass(chat.peer?.id ?? chat.id) : '';
  });
}
