/** The width of the column of chats: what the person chose, else what suits the window. */
import { computed, onScopeDispose, ref, type ComputedRef, type Ref } from 'vue';
import { useSetting } from '../../composables/use-setting.ts';

/** What suits a window of a width; the same figures stand in styles/tokens.css. CSS pixels. */
const SUITS: readonly { query: string; width: number }[] = [
  { query: '(width >= 1200px)', width: 320 },
  { query: '(width >= 880px)', width: 288 },
];
const NARROW = 264;

export interface ListWidth {
  /** CSS pixels of the normal text size. */
  width: ComputedRef<number>;
  /** While the edge is dragged; null otherwise. */
  dragged: Ref<number | null>;
  /** Null gives it back to the window. */
  choose: (width: number | null) => void;
}

export function useListWidth(): ListWidth {
  const chosen = useSetting('listWidth');
  const dragged = ref<number | null>(null);
  const queries = SUITS.map(({ query }) => window.matchMedia(query));
  const matches = ref(queries.map((query) => query.matches));
  const look = (): void => {
    matches.value = queries.map((query) => query.matches);
  };
  for (const query of queries) query.addEventListener('change', look);
  onScopeDispose(() => {
    for (const query of queries) query.removeEventListener('change', look);
  });
  return {
    dragged,
    width: computed(() => dragged.value ?? chosen.value ?? SUITS[matches.value.indexOf(true)]?.width ?? NARROW),
    choose(width) {
      dragged.value = null;
      chosen.value = width;
    },
  };
}
