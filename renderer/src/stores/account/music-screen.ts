/** Where the user is within the music library. Kept here: the screen is unmounted when another one is shown. */
import { reactive, ref } from 'vue';
import type { MusicSort } from '#contract/ipc/music-views.ts';
import { defineAccountStore } from './account-store.ts';

/** An album, an artist or a playlist whose tracks are shown, with its name for the heading. */
export interface Opened {
  kind: 'album' | 'artist' | 'playlist';
  key: string;
  title: string;
  note: string | null;
  coverUrl: string | null;
}

export const useMusicScreenStore = defineAccountStore('music-screen', () => ({
  query: ref(''),
  sort: ref<{ by: MusicSort; descending: boolean }>({ by: 'added', descending: true }),
  opened: ref<Opened | null>(null),
  /** Of what is opened: an album in its own order. */
  openedSort: ref<{ by: MusicSort; descending: boolean }>({ by: 'album', descending: false }),
  /** Only what plays without a connection. */
  cachedOnly: ref(false),
  /** The scroll offset of each list in CSS pixels, by its tab and what is opened. */
  scroll: reactive(new Map<string, number>()),
}));
