/**
 * The shared music library: pages of tracks, albums and artists by what was asked, refreshed when main says that the
 * library changed. Main owns the library; kept here is what the screens look at.
 */
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { AlbumView, ArtistView, PlaylistView, TrackQuery, TrackView } from '#contract/ipc/music-views.ts';
import type { AccountEvent } from '#contract/ipc/push.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import { askAs, type AccountInput } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';
import { createKnown } from './music/known.ts';
import { createPages, type Pages } from './music/pages.ts';

/** Lists kept with their rows: going back to one is immediate. */
const KEPT_LISTS = 4;
/** Milliseconds between two refreshes while the library keeps changing, such as while files are added. */
const REFRESH_MS = 300;
/** Ids of one request, and requests at the same time. */
const CHUNK = 500;
const AT_ONCE = 4;

export type AlbumSort = AccountInput<'music.albums'>['sort'];

export const useMusicStore = defineAccountStore('music', (accountId) => {
  const ask = askAs(accountId);
  const lists = new Map<string, { refresh(): void; patch?(rows: readonly TrackView[]): void; moves: boolean }>();
  /** Tracks in the whole library as main said last; null before it did. */
  const total = ref<number | null>(null);
  const playlists = shallowRef<readonly PlaylistView[] | null>(null);
  const known = createKnown(ask);
  /** Counts the changes of the library: what is asked once asks again. */
  const version = ref(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(timer));

  function kept<T>(key: string, make: () => Pages<T>, patches: boolean, moves: boolean): Pages<T> {
    const found = pages.get(key) as Pages<T> | undefined;
    const list = found ?? make();
    pages.delete(key);
    pages.set(key, list);
    lists.set(key, {
      refresh: list.refresh,
      moves,
      // Rows of tracks alone are patched, and those lists hold tracks.
      ...(patches ? { patch: (rows: readonly TrackView[]) => list.patch(rows as unknown as readonly T[]) } : {}),
    });
    for (const oldest of pages.keys()) {
      if (pages.size <= KEPT_LISTS) break;
      pages.delete(oldest);
      lists.delete(oldest);
    }
    return list;
  }
  const pages = new Map<string, unknown>();

  function refreshSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      version.value += 1;
      for (const list of lists.values()) list.refresh();
      known.refresh();
      if (playlists.value) void loadPlaylists();
    }, REFRESH_MS);
  }

  async function patch(ids: readonly string[]): Promise<void> {
    const answer = await byIds(ids);
    if (!answer.ok) return refreshSoon();
    known.note(answer.value);
    for (const list of lists.values()) {
      if (list.moves) list.refresh();
      else list.patch?.(answer.value);
    }
  }

  function apply(event: AccountEvent): void {
    if (event.kind === 'music') {
      total.value = event.total;
      if (event.ids === null) refreshSoon();
      else if (event.ids.length > 0) void patch(event.ids);
    } else if (event.kind === 'chats:reset' && (lists.size > 0 || playlists.value)) refreshSoon();
  }

  /**
   * Tracks by their ids, in this order; those that are not known are left out. What is not wanted any more is not read to
   * its end.
   */
  async function byIds(ids: readonly string[], wanted: () => boolean = () => true): Promise<Result<TrackView[]>> {
    const chunks = Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, index) =>
      ids.slice(index * CHUNK, (index + 1) * CHUNK),
    );
    const found: TrackView[] = [];
    for (let from = 0; from < chunks.length && wanted(); from += AT_ONCE) {
      const answers = await Promise.all(
        chunks.slice(from, from + AT_ONCE).map((chunk) => ask((bridge) => bridge.music.byIds({ ids: chunk }))),
      );
      for (const answer of answers) {
        if (!answer.ok) return answer;
        found.push(...answer.value);
      }
    }
    return ok(found);
  }

  async function loadPlaylists(): Promise<Result<readonly PlaylistView[]>> {
    const answer = await ask((bridge) => bridge.music.playlists({}));
    if (answer.ok) playlists.value = answer.value;
    return answer;
  }

  /** Passes a track that a command returned to everything that shows it. */
  async function changed(command: Promise<Result<TrackView>>): Promise<Result<TrackView>> {
    const answer = await command;
    if (answer.ok) {
      known.note([answer.value]);
      for (const list of lists.values()) list.patch?.([answer.value]);
    }
    return answer;
  }

  async function thenPlaylists<T>(command: Promise<Result<T>>): Promise<Result<T>> {
    const answer = await command;
    if (answer.ok) await loadPlaylists();
    return answer;
  }

  return {
    apply,
    total,
    version,
    playlists: computed(() => playlists.value),
    tracks: (query: TrackQuery): Pages<TrackView> =>
      kept(
        `tracks ${JSON.stringify(query)}`,
        () =>
          createPages<TrackView>(
            async (offset, limit) => {
              const answer = await ask((bridge) => bridge.music.tracks({ ...query, offset, limit }));
              return answer.ok ? ok({ rows: answer.value.tracks, total: answer.value.total }) : answer;
            },
            ({ id }) => id,
          ),
        true,
        query.sort === 'plays' || query.sort === 'played' || (query.within !== null && 'cached' in query.within),
      ),
    albums: (q: string, sort: AlbumSort): Pages<AlbumView> =>
      kept(
        `albums ${sort} ${q}`,
        () =>
          createPages<AlbumView>(
            async (offset, limit) => {
              const answer = await ask((bridge) => bridge.music.albums({ q, sort, offset, limit }));
              return answer.ok ? ok({ rows: answer.value.albums, total: answer.value.total }) : answer;
            },
            ({ key }) => key,
          ),
        false,
        false,
      ),
    artists: (q: string): Pages<ArtistView> =>
      kept(
        `artists ${q}`,
        () =>
          createPages<ArtistView>(
            async (offset, limit) => {
              const answer = await ask((bridge) => bridge.music.artists({ q, offset, limit }));
              return answer.ok ? ok({ rows: answer.value.artists, total: answer.value.total }) : answer;
            },
            ({ key }) => key,
          ),
        false,
        false,
      ),
    /** The first rows of a list that is not kept: a shelf, the palette. */
    some: async (query: TrackQuery, limit: number): Promise<Result<TrackView[]>> => {
      const answer = await ask((bridge) => bridge.music.tracks({ ...query, offset: 0, limit }));
      return answer.ok ? ok(answer.value.tracks) : answer;
    },
    someAlbums: async (sort: AlbumSort, limit: number): Promise<Result<AlbumView[]>> => {
      const answer = await ask((bridge) => bridge.music.albums({ q: '', sort, offset: 0, limit }));
      return answer.ok ? ok(answer.value.albums) : answer;
    },
    /** The ids of a whole list, in its order. */
    ids: (query: TrackQuery) => ask((bridge) => bridge.music.ids({ ...query })),
    byIds,
    /** The track of a file, for a card in a chat; null: none of the library, undefined: not known yet. */
    track: known.track,
    wantTrack: known.want,
    /** Fetches the list from the server. */
    refresh: () => ask((bridge) => bridge.music.refresh({})),
    add: (id: string) => changed(ask((bridge) => bridge.music.add({ id }))),
    edit: (input: AccountInput<'music.edit'>) => changed(ask((bridge) => bridge.music.edit({ ...input }))),
    restore: (id: string) => changed(ask((bridge) => bridge.music.restore({ id }))),
    remove: (id: string) => ask((bridge) => bridge.music.remove({ id })),
    story: (id: string) => ask((bridge) => bridge.music.story({ id })),
    share: (input: AccountInput<'music.share'>) => ask((bridge) => bridge.music.share({ ...input })),
    loadPlaylists,
    savePlaylist: (input: AccountInput<'music.savePlaylist'>) =>
      thenPlaylists(ask((bridge) => bridge.music.savePlaylist({ ...input }))),
    deletePlaylist: (id: string) => thenPlaylists(ask((bridge) => bridge.music.deletePlaylist({ id }))),
  };
});
