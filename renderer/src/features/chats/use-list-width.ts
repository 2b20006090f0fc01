/** The width of the chat list: the user's choice, otherwise what fits the window. */
import { computed, onScopeDispose, ref, type ComputedRef, type Ref } from 'vue';
import { useSetting } from '../../composables/use-setting.ts';

/** The default for a window width in CSS pixels; styles/tokens.css has the same numbers. */
const SUITS: readonly { query: string; width: number }[] = [
  { query: '(width >= 1200px)', width: 320 },
  { query: '(width >= 880px)', width: 288 },
];
const NARROW = 264;

export interface ListWidth {
  /** In CSS pixels at the normal text size. */
  width: ComputedRef<number>;
  /** The width while the divider is dragged; null otherwise. */
  dragged: Ref<number | null>;
  /** Null resets it to automatic. */
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
