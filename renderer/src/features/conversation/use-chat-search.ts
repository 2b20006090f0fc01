/** The search in one chat: its hits, the one at which the reader stands, and the way from one to the next. */
import { computed, ref, watch, type Ref } from 'vue';
import type { Needles } from '#contract/model/found.ts';
import { useHits } from '../../composables/use-hits.ts';

/** Hits that are asked for at once. */
const PAGE = 100;

/** What the messages of the chat show of a search. */
export interface ChatFinding {
  needles: Needles;
  /** The message at which the search stands, by its id at the server. */
  current: string | null;
}

/** Searches in a chat as `query` changes. `goTo` hears of each message that the search comes to. */
export function useChatSearch(chatId: string, query: Ref<string>, goTo: (messageId: string) => void) {
  const hits = useHits(query, chatId, PAGE);
  const { found, answered } = hits;
  const current = ref<string | null>(null);
  /** The place among the hits, newest first; -1 for none. */
  const at = computed(() => found.value.items.findIndex(({ messageId }) => messageId === current.value));
  const finding = computed<ChatFinding | null>(() =>
    found.value.needles ? { needles: found.value.needles, current: current.value } : null,
  );

  function stand(index: number): void {
    const hit = found.value.items[index];
    if (!hit) return;
    current.value = hit.messageId;
    goTo(hit.messageId);
  }

  /** Goes to the next older hit (1) or the next newer one (-1); from the last one round to the first. */
  async function move(by: 1 | -1): Promise<void> {
    if (by === 1 && at.value === found.value.items.length - 1) await hits.loadMore();
    const count = found.value.items.length;
    if (count > 0) stand((at.value + by + count) % count);
  }

  // A new question begins at its newest hit; the same one read again leaves the reader where they are.
  watch(answered, () => {
    current.value = null;
    stand(0);
  });
  // What was read further may hold the first hit of all.
  watch(found, () => {
    if (current.value === null && answered.value !== '') stand(0);
  });

  return { ...hits, at, finding, move };
}
