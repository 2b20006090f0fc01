/** Where the user is within an account, as a route location. */
import type { RouteLocationRaw } from 'vue-router';
import { useChatListStore } from '../stores/account/chat-list.ts';
import { useScreenStore, type AccountPlace } from '../stores/account/screen.ts';

/**
 * Where to continue in an account: the last place, otherwise the chat opened last. `compact`: a single column shows
 * either the list or a chat, and then the list comes first.
 */
export function placeOf(accountId: string, compact: boolean): AccountPlace {
  const left = useScreenStore(accountId).place;
  if (left) return left;
  const { lastChatId } = useChatListStore(accountId);
  return { screen: 'chats', chatId: compact ? '' : (lastChatId ?? '') };
}

/** The route location of a place. */
export function locationOf(accountId: string, place: AccountPlace): RouteLocationRaw {
  switch (place.screen) {
    case 'chats':
      return { name: 'chats', params: { account: accountId, chatId: place.chatId } };
    case 'calls':
      return { name: 'calls', params: { account: accountId } };
    case 'settings':
      return { name: 'settings', params: { account: accountId, section: place.section } };
    case 'music':
      return { name: 'music', params: { account: accountId, tab: place.tab } };
  }
}
