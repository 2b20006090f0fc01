/** The covers of the shelf, from tracks in their order. Pure. */
import type { TrackView } from '#contract/ipc/music-views.ts';

export interface ShelfItem {
  key: string;
  title: string;
  /** It stands for an album; otherwise it is a single track. */
  album: boolean;
  /** The first track of it. */
  track: TrackView;
}

/** `added`: an album is one cover, however many of its tracks are new. `plays`: single tracks. */
export function shelfOf(tracks: readonly TrackView[], kind: 'added' | 'plays', most: number): ShelfItem[] {
  const items = new Map<string, ShelfItem>();
  for (const track of tracks) {
    const album = kind === 'added' && track.albumKey !== null && track.album !== null;
    const key = album ? (track.albumKey ?? track.id) : track.id;
    if (!items.has(key))
      items.set(key, { key, title: album ? (track.album ?? track.title) : track.title, album, track });
    if (items.size === most) break;
  }
  return [...items.values()];
}
