/** The menu of the selected tracks. Pure: strings come from a function argument. */
import {
  CornerDownRight,
  Disc3,
  ListEnd,
  ListPlus,
  ListStart,
  ListX,
  MicVocal,
  Pencil,
  Play,
  Send,
  Trash2,
} from '@lucide/vue';
import type { TrackView } from '#contract/ipc/music-views.ts';
import type { MenuEntry } from '../../../ui/menu.ts';

export type TrackMenuId =
  'play' | 'next' | 'later' | 'playlist' | 'unlist' | 'share' | 'story' | 'album' | 'artist' | 'edit' | 'remove';

/** Tracks that one message, or a few, can carry. */
export const MOST_SHARED = 10;

/**
 * `tracks`: those of the selection that are here; `count`: all of them. `inPlaylist`: the list on the screen is one.
 */
export function trackMenu(
  tracks: readonly TrackView[],
  count: number,
  inPlaylist: boolean,
  t: (key: string) => string,
): MenuEntry[] {
  const [one] = tracks;
  if (!one) return [];
  const entry = (id: TrackMenuId, label: string, icon: typeof Play, more: { danger?: boolean } = {}): MenuEntry => ({
    kind: 'action',
    id,
    label,
    icon,
    ...more,
  });
  const single = count === 1;
  const removable = tracks.length === count && tracks.every((track) => track.removable);
  const entries: (MenuEntry | null)[] = [
    entry('play', t('library.menu.play'), Play),
    entry('next', t('library.menu.next'), ListStart),
    entry('later', t('library.menu.later'), ListEnd),
    entry('playlist', t('library.menu.playlist'), ListPlus),
    inPlaylist ? entry('unlist', t('library.menu.unlist'), ListX) : null,
    { kind: 'separator', id: 'line' },
    count <= MOST_SHARED ? entry('share', t('library.menu.share'), Send) : null,
    single ? entry('story', t('library.menu.story'), CornerDownRight) : null,
    single && one.albumKey !== null ? entry('album', t('library.menu.album'), Disc3) : null,
    single && one.artistKey !== null ? entry('artist', t('library.menu.artist'), MicVocal) : null,
    single ? entry('edit', t('library.menu.edit'), Pencil) : null,
    removable ? entry('remove', t('library.menu.remove'), Trash2, { danger: true }) : null,
  ];
  return entries.filter((candidate) => candidate !== null);
}
