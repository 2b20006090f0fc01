/** Music and files that match what is typed, with who shared them and what was said: searched, played, gone to. */
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { useRouter } from 'vue-router';
import type { FoundFile, FoundMusic, SearchUnderstood, SharedIn } from '#contract/ipc/found-views.ts';
import type { PlayableView } from '#contract/ipc/music-views.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { firstCharacters } from '#contract/model/text.ts';
import { useAccountId } from '../stores/account/account-store.ts';
import { fileTitle, playableFile, playableTrack } from '../stores/account/music/playables.ts';
import { useMusicStore } from '../stores/account/music.ts';
import { useSearchStore } from '../stores/account/search.ts';
import { usePlayerStore } from '../stores/player.ts';
import { playsHere } from '../stores/player/playable-type.ts';

/** Debounce in milliseconds after the last key. */
const PAUSE_MS = 200;

export interface FoundShared {
  music: readonly FoundMusic[];
  files: readonly FoundFile[];
  understood: SearchUnderstood | null;
}

const NOTHING: FoundShared = { music: [], files: [], understood: null };

/** The id of a found track's file: one row per file. */
export function foundId({ track, file }: FoundMusic): string {
  return track?.id ?? file?.id ?? '';
}

/** What a found track is called, and by whom it is. */
export function foundWords({ track, file }: FoundMusic): { title: string; artist: string | null } {
  return { title: track?.title ?? fileTitle(file?.name ?? ''), artist: track?.artist ?? null };
}

/** Searches as `query` changes; results of an outdated query are dropped. `most`: rows of each kind, up to 50. */
export function useSharedSearch(query: Ref<string>, most: number) {
  const search = useSearchStore();
  const library = useMusicStore();
  const player = usePlayerStore();
  const accountId = useAccountId();
  const router = useRouter();
  const found = shallowRef<FoundShared>(NOTHING);
  const busy = ref(false);
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(text: string, mine: number): Promise<void> {
    const answer = await search.shared({ query: text, limit: most });
    if (mine !== turn) return;
    busy.value = false;
    // A failure shows nothing of this kind: the messages beside it say what is wrong.
    found.value = answer.ok ? answer.value : NOTHING;
  }

  function start(): void {
    turn += 1;
    const mine = turn;
    clearTimeout(timer);
    const text = firstCharacters(query.value.trim(), LIMITS.messageQuery.max);
    busy.value = text !== '';
    if (text === '') found.value = NOTHING;
    else timer = setTimeout(() => void ask(text, mine), PAUSE_MS);
  }
  watch(query, start, { immediate: true });
  // Words and covers of tracks may have changed, and tracks may have come or gone.
  watch(() => library.version, start);
  onScopeDispose(() => {
    turn += 1;
    clearTimeout(timer);
  });

  function playable({ track, file, shared }: FoundMusic): PlayableView | null {
    const from = shared && { chatId: shared.chatId, messageId: shared.messageId };
    if (track) return playsHere(track.mimeType) ? playableTrack(accountId, track, from) : null;
    return file && playsHere(file.mimeType) ? playableFile(accountId, file, from) : null;
  }

  return {
    found,
    busy,
    /** Plays what was found, from this one on. @returns false when it cannot be played here. */
    play(id: string): boolean {
      const items = found.value.music.flatMap((one) => playable(one) ?? []);
      const at = items.findIndex(({ fileId }) => fileId === id);
      if (at >= 0) player.play(items, at);
      return at >= 0;
    },
    /** Opens the chat at the message that something was shared with. */
    async goTo({ chatId, messageId }: Pick<SharedIn, 'chatId' | 'messageId'>): Promise<void> {
      await router.push({ name: 'chats', params: { account: accountId, chatId }, query: { m: messageId } });
    },
  };
}
