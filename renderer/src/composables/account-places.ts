/** Where an account's screens are: the place that was left, as an address. */
import type { RouteLocationRaw } from 'vue-router';
import { useChatListStore } from '../stores/account/chat-list.ts';
import { useScreenStore, type AccountPlace } from '../stores/account/screen.ts';

/**
 * Where the person goes on in an account: where they were, else at the chat that was opened last. `compact`: one column
 * shows the list or a chat, and there the list is the beginning.
 */
export function placeOf(accountId: string, compact: boolean): AccountPlace {
  const left = useScreenStore(accountId).place;
  if (left) return left;
  const { lastChatId } = useChatListStore(accountId);
  return { screen: 'chats', chatId: compact ? '' : (lastChatId ?? '') };
}

/** The address of a place. */
export function locationOf(accountId: string, place: AccountPlace): RouteLocationRaw {
  return place.screen === 'chats'
    ? { name: 'chats', params: { account: accountId, chatId: place.chatId } }
    : { name: 'settings', params: { account: accountId, section: place.section } };
}
