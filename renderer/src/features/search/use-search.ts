/**
 * One query to all sources: chats (immediately, from the list), people (the server), messages (the local store, see
 * use-hits.ts), music and files. Previous results stay until the new ones arrive.
 */
import { computed, type Ref } from 'vue';
import type { UserView } from '#contract/ipc/views.ts';
import { plainWords } from '../../composables/search-filters.ts';
import { useHits } from '../../composables/use-hits.ts';
import { usePeopleSearch, type Part } from '../../composables/use-people-search.ts';
import { useSharedSearch } from '../../composables/use-shared-search.ts';
import { matchesChat } from '../../stores/account/chat-order.ts';
import { useChatsStore } from '../../stores/account/chats.ts';

const PAGE = 30;
/** Tracks, and files, that are asked for. */
const MOST_SHARED = 50;
const MAX_CHATS = 8;

/** The complete search of the list's search field. `query` as typed. */
export function useSearch(query: Ref<string>) {
  const chats = useChatsStore();
  const words = computed(() => plainWords(query.value));
  const { part: people, retry: retryPeople } = usePeopleSearch(words);
  const messages = useHits(query, null, PAGE);
  const shared = useSharedSearch(query, MOST_SHARED);

  const foundChats = computed(() =>
    words.value === '' ? [] : chats.list.filter((chat) => matchesChat(chat, words.value)).slice(0, MAX_CHATS),
  );
  /** A person with a chat is shown as that chat. */
  const strangers = computed<Part<UserView>>(() => {
    const known = new Set(foundChats.value.map((chat) => chat.peer?.id));
    return { ...people.value, items: people.value.items.filter((user) => !known.has(user.id)) };
  });

  return { chats: foundChats, people: strangers, messages, shared, retryPeople };
}
