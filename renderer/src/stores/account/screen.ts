/**
 * The state of an account's screens. Kept here rather than in the components, which are unmounted when another account
 * is shown: on return everything is as the user left it.
 */
import { ref } from 'vue';
import { defineAccountStore } from './account-store.ts';

/** A screen of an account and what is open on it; an empty id means nothing. */
export type AccountPlace =
  | { screen: 'chats'; chatId: string }
  | { screen: 'music'; tab: string }
  | { screen: 'calls' }
  | { screen: 'settings'; section: string };

export const useScreenStore = defineAccountStore('screen', () => ({
  /** The user's last place in this account; null when it was never shown. */
  place: ref<AccountPlace | null>(null),
  /** Whether the details of the other person are shown next to the conversation. */
  details: ref(false),
  /** The search query of the list. */
  query: ref(''),
  /** The scroll offset of the chat list in CSS pixels; null when it was never rendered. */
  listScroll: ref<number | null>(null),
}));
