/** Tracks as a server lists them. */
import type { Track } from '../../../../contract/api/track.ts';
import type { TrackQuery } from '../../../../contract/ipc/music-views.ts';
import { NOW } from '../store/open-store.ts';

export function trackOf(fileId: string, more: Partial<Track> = {}): Track {
  return {
    fileId,
    title: fileId,
    artist: null,
    album: null,
    duration: 180,
    mimeType: 'audio/mpeg',
    size: 1000,
    uploadedBy: 'other',
    createdAt: new Date(NOW).toISOString(),
    ...more,
  };
}

/** All tracks by their titles, unless something else is asked. */
export function queryOf(more: Partial<TrackQuery> = {}): TrackQuery {
  return { q: '', sort: 'title', descending: false, within: null, ...more };
}

const NAMES = ['Night', 'Drive', 'Ocean', 'Город', 'Снег', 'Élan', 'River', 'Blue', 'Star', 'Ёлка'] as const;
const word = (n: number): string => NAMES[n % NAMES.length] ?? '';

/** A library of that size: albums of ten tracks, artists of a hundred. */
export function manyTracks(count: number): Track[] {
  return Array.from({ length: count }, (_, n) =>
    trackOf(`file${String(n).padStart(6, '0')}`, {
      title: `${word(n * 7)} ${word(n * 3 + 1)} ${String(n)}`,
      artist: `${word(Math.floor(n / 100))} Band ${String(Math.floor(n / 100))}`,
      album: `${word(Math.floor(n / 10))} Album ${String(Math.floor(n / 10))}`,
      trackNumber: (n % 10) + 1,
      genre: n % 2 === 0 ? 'Rock' : 'Jazz',
      year: 1960 + (n % 60),
      duration: 120 + ((n * 37) % 300),
      createdAt: new Date(NOW - ((n * 7919) % 20_011) * 60_000).toISOString(),
      coverUrl: n % 3 === 0 ? `/api/files/file${String(n).padStart(6, '0')}?variant=cover` : null,
    }),
  );
}
