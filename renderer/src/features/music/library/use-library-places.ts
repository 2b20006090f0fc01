/** Where the library leads: into an album, an artist, a playlist, and what each of them plays. */
import type { AlbumView, ArtistView, PlaylistView, TrackQuery, TrackView } from '#contract/ipc/music-views.ts';
import { useMusicStore } from '../../../stores/account/music.ts';
import { useMusicScreenStore, type Opened } from '../../../stores/account/music-screen.ts';
import type { ShelfItem } from './shelf.ts';
import type { TrackActions } from './use-track-actions.ts';

/** All tracks of a playlist, in its own order. */
export function playlistQuery(playlist: string): TrackQuery {
  return { q: '', sort: 'added', descending: false, within: { playlist } };
}

export function useLibraryPlaces(actions: TrackActions) {
  const store = useMusicStore();
  const screen = useMusicScreenStore();

  function open(opened: Opened): void {
    screen.query = '';
    screen.openedSort = { by: opened.kind === 'playlist' ? 'added' : 'album', descending: false };
    screen.scroll.delete(`${opened.kind} ${opened.key}`);
    screen.opened = opened;
  }

  return {
    openOf(kind: 'album' | 'artist', track: TrackView): void {
      const key = kind === 'album' ? track.albumKey : track.artistKey;
      const title = kind === 'album' ? track.album : track.artist;
      if (key === null || title === null) return;
      open({ kind, key, title, note: kind === 'album' ? track.artist : null, coverUrl: track.coverUrl });
    },
    openAlbum: ({ key, title, artist, coverUrl }: AlbumView) =>
      open({ kind: 'album', key, title, note: artist, coverUrl }),
    openArtist: ({ key, name, coverUrl }: ArtistView) =>
      open({ kind: 'artist', key, title: name, note: null, coverUrl }),
    openPlaylist: ({ id, name }: PlaylistView) =>
      open({ kind: 'playlist', key: id, title: name, note: null, coverUrl: null }),
    playPlaylist: ({ id }: PlaylistView) => void actions.playList(playlistQuery(id), null),
    playShelf({ album, track }: ShelfItem): void {
      if (album && track.albumKey !== null) {
        const within = { album: track.albumKey };
        void actions.playList({ q: '', sort: 'album', descending: false, within }, null);
      } else actions.playTracks([track], track.id);
    },
    /** Takes tracks out of the playlist on the screen. */
    async unlist(gone: readonly string[]): Promise<void> {
      const { opened } = screen;
      if (opened?.kind !== 'playlist') return;
      const before = await store.ids(playlistQuery(opened.key));
      if (!before.ok) return actions.failed(before.error.code);
      const ids = before.value.filter((id) => !gone.includes(id));
      const answer = await store.savePlaylist({ id: opened.key, name: opened.title, ids });
      if (!answer.ok) actions.failed(answer.error.code);
    },
  };
}
