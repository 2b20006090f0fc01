/** What the list pane shows: the chosen folder over the chats, with the open chat kept in sight. */
import { computed, ref } from 'vue';
import { defineAccountStore } from './account-store.ts';
import { chatsIn, isUnread, type Folder } from './chat-order.ts';
import { useChatsStore } from './chats.ts';

export const useChatListStore = defineAccountStore('chat-list', (accountId) => {
  const chats = useChatsStore(accountId);
  const folder = ref<Folder>('all');
  const openChatId = ref<string | null>(null);
  /** The chat that a start begins with: the one that was opened last. */
  const lastChatId = ref<string | null>(null);
  const shown = computed(() => chatsIn(chats.list, folder.value, openChatId.value));
  /** How many chats of each folder ask for attention. */
  const unreadChats = computed(() => chats.list.filter((chat) => !chat.archived && isUnread(chat)).length);
  /** Folders that would be empty are no use to anybody. */
  const hasFiles = computed(() => chats.list.some((chat) => !chat.archived && chat.hasFiles));
  const hasMusic = computed(() => chats.list.some((chat) => !chat.archived && chat.hasMusic));
  const archived = computed(() => chats.list.filter((chat) => chat.archived).length);

  return { folder, openChatId, lastChatId, shown, unreadChats, hasFiles, hasMusic, archived };
});
