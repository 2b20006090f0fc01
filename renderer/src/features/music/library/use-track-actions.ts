/** What can be done with tracks of the library, and the dialogs that some of it needs. */
import { ref, shallowRef, watch } from 'vue';
import { useRouter } from 'vue-router';
import type { StoryView, TrackQuery, TrackView } from '#contract/ipc/music-views.ts';
import type { ErrorCode, Result } from '#contract/model/errors.ts';
import { playsHere } from '../../../stores/player/playable-type.ts';
import { useToast } from '../../../composables/use-toast.ts';
import { useWords } from '../../../i18n/use-words.ts';
import { useAccountId } from '../../../stores/account/account-store.ts';
import { useConnectionStore } from '../../../stores/account/connection.ts';
import { useMusicStore } from '../../../stores/account/music.ts';
import { playableTrack } from '../../../stores/account/music/playables.ts';
import { usePlayerStore } from '../../../stores/player.ts';

/** The dialog that is open, and the tracks it is about. */
export type TrackDialog =
  | { kind: 'share'; tracks: readonly TrackView[] }
  | { kind: 'edit'; track: TrackView }
  | { kind: 'remove'; tracks: readonly TrackView[] }
  | { kind: 'playlist'; ids: readonly string[] }
  | { kind: 'story'; track: TrackView; stories: readonly StoryView[] };

/** Tracks of a long list that are read first, so that there is a next one at once. */
const SOON = 50;
/** Milliseconds for which the first sound may keep the list waiting. */
const SOUND_FIRST_MS = 2000;
/** Milliseconds until the rest of a long list is read: whoever tries one track after the other is not kept waiting by it. */
const REST_AFTER_MS = 1000;

export function useTrackActions() {
  const { t, error } = useWords();
  const accountId = useAccountId();
  const store = useMusicStore();
  const player = usePlayerStore();
  const connection = useConnectionStore();
  const router = useRouter();
  const toast = useToast();
  const dialog = shallowRef<TrackDialog | null>(null);
  /** A whole list is being read, to be played. */
  const gathering = ref(false);
  let turn = 0;

  function failed(code: ErrorCode): void {
    toast(error(code), { tone: 'error' });
  }

  function value<T>(result: Result<T>): T | null {
    if (result.ok) return result.value;
    failed(result.error.code);
    return null;
  }

  /** Without a connection only what is on this computer. */
  const isHere = ({ state }: TrackView): boolean => connection.online || state === 'cached';
  const playable = (tracks: readonly TrackView[]) =>
    tracks
      .filter((track) => playsHere(track.mimeType) && isHere(track))
      .map((track) => playableTrack(accountId, track));

  /** Why nothing of it plays. */
  function refuse(tracks: readonly TrackView[]): void {
    const offline = tracks.some((track) => playsHere(track.mimeType) && !isHere(track));
    toast(offline ? t('library.needsConnection') : t('library.cannotPlay'), { tone: 'error' });
  }

  /** Plays these, from the one with this id. */
  function playTracks(tracks: readonly TrackView[], from: string | null): void {
    const items = playable(tracks);
    const at = from === null ? 0 : items.findIndex(({ fileId }) => fileId === from);
    if (items.length === 0 || at < 0) return refuse(tracks.filter(({ id }) => from === null || id === from));
    player.play(items, at);
  }

  /** Resolves when sound flows, or takes too long: reading a long list keeps the page and main busy meanwhile. */
  function sounding(): Promise<void> {
    return new Promise((resolve) => {
      const { stop } = watch(
        () => player.waiting,
        (waiting) => {
          if (!waiting) done();
        },
      );
      const timer = setTimeout(done, player.waiting ? SOUND_FIRST_MS : 0);
      function done(): void {
        clearTimeout(timer);
        stop();
        resolve();
      }
    });
  }

  /**
   * Plays a whole list in its order, from a track; null: from its start. A track that is known sounds at once; those that
   * follow it come first, and the whole list around them when it has been read. The last call counts.
   */
  async function playList(query: TrackQuery, from: string | null, known?: TrackView): Promise<void> {
    const mine = (turn += 1);
    if (known) playTracks([known], known.id);
    gathering.value = true;
    if (known) await sounding();
    const ids = mine === turn ? value(await store.ids(query)) : null;
    const at = known && ids ? ids.indexOf(known.id) : -1;
    if (ids && at >= 0 && ids.length > SOON * 2 && mine === turn) {
      const soon = await store.byIds(ids.slice(at, at + SOON));
      // What fails is said of the whole list.
      if (soon.ok && mine === turn && known && player.isCurrent(accountId, known.id))
        player.surround(playable(soon.value), 0);
      await new Promise((resolve) => setTimeout(resolve, REST_AFTER_MS));
    }
    const tracks = ids === null || mine !== turn ? null : value(await store.byIds(ids, () => mine === turn));
    if (mine !== turn) return;
    gathering.value = false;
    if (!tracks) return;
    if (!known) return playTracks(tracks, from);
    // Something else is played.
    if (player.upcoming.length === 1 && !player.isCurrent(accountId, known.id)) return;
    const items = playable(tracks);
    player.surround(
      items,
      items.findIndex(({ fileId }) => fileId === known.id),
    );
  }

  function queue(tracks: readonly TrackView[], where: 'next' | 'later'): void {
    const items = playable(tracks);
    if (items.length === 0) return refuse(tracks);
    if (where === 'next') player.playNext(items);
    else player.playLater(items);
    toast(where === 'next' ? t('library.queuedNext', items.length) : t('library.queuedLater', items.length));
  }

  function goToStory({ chatId, messageId }: StoryView): void {
    dialog.value = null;
    void router.push({ name: 'chats', params: { account: accountId, chatId }, query: { m: messageId } });
  }

  /** Goes to the message it was shared in; asks which one when there are several. */
  async function whereShared(track: TrackView): Promise<void> {
    const stories = value(await store.story(track.id));
    if (!stories) return;
    const [first, second] = stories;
    if (!first) toast(t('library.neverShared'));
    else if (second) dialog.value = { kind: 'story', track, stories };
    else goToStory(first);
  }

  return { dialog, gathering, failed, playTracks, playList, queue, goToStory, whereShared };
}
export type TrackActions = ReturnType<typeof useTrackActions>;
