/** The list of tracks on the screen: what is asked, and the rows that are here. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { MusicSort, TrackQuery, TrackView } from '#contract/ipc/music-views.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { useMusicStore } from '../../../stores/account/music.ts';
import { useMusicScreenStore } from '../../../stores/account/music-screen.ts';
import type { Pages } from '../../../stores/account/music/pages.ts';

/** Milliseconds after the last key before a search starts. */
const PAUSE_MS = 150;

/** Sorts that begin with the largest. */
const FALLING: readonly MusicSort[] = ['added', 'plays', 'played'];

/** What is typed, a moment after the last key; at once when the field is emptied. */
export function useTyped() {
  const screen = useMusicScreenStore();
  const typed = ref(cut(screen.query));
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    () => screen.query,
    (query) => {
      clearTimeout(timer);
      if (query.trim() === '') typed.value = '';
      else timer = setTimeout(() => (typed.value = cut(query)), PAUSE_MS);
    },
  );
  onScopeDispose(() => clearTimeout(timer));
  return typed;
}

function cut(query: string): string {
  return [...query.trim()].slice(0, LIMITS.searchQuery.max).join('');
}

/** The rows of `next`, and until its first have come those of the list before: the screen never flickers. */
export function useShownPages<T>(next: () => Pages<T>) {
  const shown = shallowRef(next());
  const wanted = computed(next);
  watch(
    () => [wanted.value, wanted.value.total.value, wanted.value.problem.value] as const,
    ([pages, total, problem]) => {
      // What is needed beyond the first page the list itself says.
      if (total === null && problem === null) pages.want(0, 1);
      if (total !== null || problem !== null) shown.value = pages;
    },
    { immediate: true },
  );
  return shown;
}

export function useTrackList(typed: () => string) {
  const store = useMusicStore();
  const screen = useMusicScreenStore();

  const sort = computed({
    get: () => (screen.opened ? screen.openedSort : screen.sort),
    set(next) {
      if (screen.opened) screen.openedSort = next;
      else screen.sort = next;
    },
  });
  const query = computed<TrackQuery>(() => {
    const { opened } = screen;
    const within = opened
      ? opened.kind === 'album'
        ? { album: opened.key }
        : opened.kind === 'artist'
          ? { artist: opened.key }
          : { playlist: opened.key }
      : screen.cachedOnly
        ? { cached: true as const }
        : null;
    return { q: typed(), sort: sort.value.by, descending: sort.value.descending, within };
  });
  const pages = useShownPages<TrackView>(() => store.tracks(query.value));

  /** Sorts by a column; by the same one again in the other direction. */
  function sortBy(by: MusicSort): void {
    const before = sort.value;
    sort.value = before.by === by ? { by, descending: !before.descending } : { by, descending: FALLING.includes(by) };
  }

  return {
    query,
    pages,
    sort,
    /** The column it is sorted by; null in the order that a playlist has of itself. */
    column: computed(() => (screen.opened?.kind === 'playlist' && sort.value.by === 'added' ? null : sort.value.by)),
    sortBy,
    count: computed(() => pages.value.total.value ?? 0),
    at: (index: number): TrackView | undefined => pages.value.at(index),
  };
}
export type TrackList = ReturnType<typeof useTrackList>;
