/** A track of the library for tests. */
import type { TrackView } from '#contract/ipc/music-views.ts';

export function trackView(id: string, more: Partial<TrackView> = {}): TrackView {
  return {
    id,
    title: `Title ${id}`,
    artist: 'Paper Harbour',
    album: 'Tidal Rooms',
    artistKey: 'paper harbour',
    albumKey: 'tidal rooms',
    genre: null,
    year: null,
    trackNumber: null,
    duration: 200,
    size: 1000,
    mimeType: 'audio/mpeg',
    url: `/media/f${id}`,
    coverUrl: null,
    gain: null,
    sharedBy: { id: 'anna', name: 'Anna Reed' },
    addedAt: 1000,
    state: 'remote',
    plays: 0,
    lastPlayedAt: null,
    edited: false,
    removable: true,
    ...more,
  };
}
