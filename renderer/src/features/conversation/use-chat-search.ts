/** The search in one chat: its hits, the current one, and moving between them. */
import { computed, ref, watch, type Ref } from 'vue';
import type { Needles } from '#contract/model/found.ts';
import { useHits } from '../../composables/use-hits.ts';

/** Hits per page. */
const PAGE = 100;

/** What the chat's messages highlight for a search. */
export interface ChatFinding {
  needles: Needles;
  /** The current hit, by the message's server id. */
  current: string | null;
}

/** Searches in a chat as `query` changes. `goTo` is called with each message the search moves to. */
export function useChatSearch(chatId: string, query: Ref<string>, goTo: (messageId: string) => void) {
  const hits = useHits(query, chatId, PAGE);
  const { found, answered } = hits;
  const current = ref<string | null>(null);
  /** The index of the current hit, newest first; -1 for none. */
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

  /** Moves to the next older hit (1) or the next newer one (-1), wrapping around at the ends. */
  async function move(by: 1 | -1): Promise<void> {
    if (by === 1 && at.value === found.value.items.length - 1) await hits.loadMore();
    const count = found.value.items.length;
    if (count > 0) stand((at.value + by + count) % count);
  }

  // A new query starts at its newest hit; reloading the same one keeps the current hit.
  watch(answered, () => {
    current.value = null;
    stand(0);
  });
  // Searching further may have found the very first hit.
  watch(found, () => {
    if (current.value === null && answered.value !== '') stand(0);
  });

  return { ...hits, at, finding, move };
}
