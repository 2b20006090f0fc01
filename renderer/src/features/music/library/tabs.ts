/** The tabs of the library, as its address names them, and the sorts in the order of their menu. */
import type { MusicSort } from '#contract/ipc/music-views.ts';

export const TABS = ['tracks', 'albums', 'artists', 'playlists'] as const;
export type Tab = (typeof TABS)[number];

export const SORTS = [
  'added',
  'title',
  'artist',
  'album',
  'plays',
  'played',
  'duration',
] as const satisfies readonly MusicSort[];

/** Tracks, unless the address names another. */
export function tabOf(name: string | null): Tab {
  return TABS.find((tab) => tab === name) ?? 'tracks';
}
