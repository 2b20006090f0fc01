/**
 * What an account's screens look like. It is kept here and not in the components, which go when another account is
 * shown: whoever comes back finds everything as they left it.
 */
import { ref } from 'vue';
import { defineAccountStore } from './account-store.ts';

/** A screen of an account, with what is open on it; an empty id for nothing. */
export type AccountPlace = { screen: 'chats'; chatId: string } | { screen: 'settings'; section: string };

export const useScreenStore = defineAccountStore('screen', () => ({
  /** Where the person was last in this account; null when it was never shown. */
  place: ref<AccountPlace | null>(null),
  /** Who the other one is stands beside the conversation. */
  details: ref(false),
  /** What is being searched for in the list. */
  query: ref(''),
  /** CSS pixels that the list of chats is scrolled by; null when it was never drawn. */
  listScroll: ref<number | null>(null),
}));
