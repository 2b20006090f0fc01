/** State of the list pane: the selected folder of chats, keeping the open chat visible. */
import { computed, ref } from 'vue';
import { defineAccountStore } from './account-store.ts';
import { chatsIn, isUnread, type Folder } from './chat-order.ts';
import { useChatsStore } from './chats.ts';

export const useChatListStore = defineAccountStore('chat-list', (accountId) => {
  const chats = useChatsStore(accountId);
  const folder = ref<Folder>('all');
  const openChatId = ref<string | null>(null);
  /** The chat to open at startup: the one opened last. */
  const lastChatId = ref<string | null>(null);
  const shown = computed(() => chatsIn(chats.list, folder.value, openChatId.value));
  /** Chats outside the archive that need attention. */
  const unreadChats = computed(() => chats.list.filter((chat) => !chat.archived && isUnread(chat)).length);
  /** Used to hide empty folders. */
  const hasFiles = computed(() => chats.list.some((chat) => !chat.archived && chat.hasFiles));
  const hasMusic = computed(() => chats.list.some((chat) => !chat.archived && chat.hasMusic));
  const archived = computed(() => chats.list.filter((chat) => chat.archived).length);

  return { folder, openChatId, lastChatId, shown, unreadChats, hasFiles, hasMusic, archived };
});
