/** Tracks of the library that match what is typed in the palette; choosing one plays it. */
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { TrackView } from '#contract/ipc/music-views.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { playsHere } from '../../composables/playable-type.ts';
import { useAccountId } from '../../stores/account/account-store.ts';
import { useMusicStore } from '../../stores/account/music.ts';
import { playableTrack } from '../../stores/account/music/playables.ts';
import { usePlayerStore } from '../../stores/player.ts';

const PAUSE_MS = 120;
const SHOWN = 6;

export function useTrackSearch(query: Ref<string>) {
  const store = useMusicStore();
  const player = usePlayerStore();
  const accountId = useAccountId();
  const tracks = shallowRef<readonly TrackView[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;

  async function search(q: string, mine: number): Promise<void> {
    const answer = await store.some({ q, sort: 'plays', descending: true, within: null }, SHOWN);
    // A failure shows nothing: chats and commands are still there.
    if (mine === turn) tracks.value = answer.ok ? answer.value : [];
  }

  watch(query, (words) => {
    turn += 1;
    const mine = turn;
    clearTimeout(timer);
    const q = words.trim().slice(0, LIMITS.searchQuery.max);
    if (q === '') tracks.value = [];
    else timer = setTimeout(() => void search(q, mine), PAUSE_MS);
  });
  onScopeDispose(() => {
    turn += 1;
    clearTimeout(timer);
  });

  return {
    tracks,
    /** Plays what was found, from this track. */
    play(id: string): void {
      const items = tracks.value
        .filter(({ mimeType }) => playsHere(mimeType))
        .map((track) => playableTrack(accountId, track));
      const at = items.findIndex(({ fileId }) => fileId === id);
      if (at >= 0) player.play(items, at);
    },
  };
}
