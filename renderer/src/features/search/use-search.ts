/**
 * One question to three places: chats (at once, from the list), people (the server) and messages (the local store, see
 * hits.ts). An answer to an earlier question is dropped; earlier answers stay on the screen until the new ones come.
 */
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { UserView } from '#contract/ipc/views.ts';
import type { ErrorCode } from '#contract/model/errors.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { characterCount } from '#contract/model/text.ts';
import { matchesChat } from '../../stores/chat-order.ts';
import { useChatsStore } from '../../stores/chats.ts';
import { usePeopleStore } from '../../stores/people.ts';
import { useSessionStore } from '../../stores/session.ts';
import { useHits } from './hits.ts';

const PAUSE_MS = 200;
const PAGE = 30;
const MAX_CHATS = 8;

/** Words such as `from:anna` are for the search in messages only. */
export const FILTERS = ['from:', 'in:', 'has:', 'before:', 'after:'] as const;

/** The query without its filters: what names of people and chats are looked up by. */
export function plainWords(query: string): string {
  const filter = new RegExp(`(^|\\s)(?:${FILTERS.join('|')})(?:"[^"]*"?|\\S*)`, 'giu');
  return query.replaceAll(filter, ' ').replaceAll(/\s+/gu, ' ').trim();
}

export interface Part<T> {
  items: T[];
  busy: boolean;
  code: ErrorCode | null;
}

const empty = <T>(): Part<T> => ({ items: [], busy: false, code: null });

/** People by name, asked of the server after a pause in typing. The person themselves is left out. */
export function usePeopleSearch(words: Ref<string>) {
  const people = usePeopleStore();
  const session = useSessionStore();
  const part = shallowRef<Part<UserView>>(empty());
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(q: string): Promise<void> {
    const mine = (turn += 1);
    const result = await people.search(q);
    if (mine !== turn) return;
    part.value = result.ok
      ? { items: result.value.filter((user) => user.id !== session.me?.id), busy: false, code: null }
      : { items: [], busy: false, code: result.error.code };
  }

  function start(): void {
    turn += 1;
    clearTimeout(timer);
    const q = words.value.trim().replace(/^@/, '');
    if (characterCount(q) < LIMITS.searchQuery.min || characterCount(q) > LIMITS.searchQuery.max) {
      part.value = empty();
      return;
    }
    part.value = { ...part.value, busy: true };
    timer = setTimeout(() => void ask(q), PAUSE_MS);
  }

  watch(words, start, { immediate: true });
  onScopeDispose(() => {
    turn += 1;
    clearTimeout(timer);
  });
  return { part, retry: start };
}

/** Everything for the search field of the list. `query` as it is typed. */
export function useSearch(query: Ref<string>) {
  const chats = useChatsStore();
  const words = computed(() => plainWords(query.value));
  const { part: people, retry: retryPeople } = usePeopleSearch(words);
  const messages = useHits(query, null, PAGE);

  const foundChats = computed(() =>
    words.value === '' ? [] : chats.list.filter((chat) => matchesChat(chat, words.value)).slice(0, MAX_CHATS),
  );
  /** A chat with the person is shown as the chat. */
  const strangers = computed<Part<UserView>>(() => {
    const known = new Set(foundChats.value.map((chat) => chat.peer?.id));
    return { ...people.value, items: people.value.items.filter((user) => !known.has(user.id)) };
  });

  return { chats: foundChats, people: strangers, messages, retryPeople };
}
