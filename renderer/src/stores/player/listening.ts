/** What follows from listening to a track: it counts as played, and the next one comes into the cache. */
import type { PlayableView } from '#contract/ipc/music-views.ts';
import { ask } from '../bridge-call.ts';
import { createHeard } from './heard.ts';

/** Seconds into a track after which the next one is fetched; earlier, in a track that is hardly longer. */
const PREFETCH_AFTER = 5;

export interface Listening {
  /** A track begins, or begins again. */
  begin(item: PlayableView | null): void;
  /** Where it plays now, in seconds. @param next what follows, if something does */
  at(position: number, next: PlayableView | null): void;
}

export function createListening(): Listening {
  const heard = createHeard();
  let item: PlayableView | null = null;
  let fetched: PlayableView | null = null;

  return {
    begin(now) {
      item = now;
      heard.begin(now?.duration ?? 0);
    },
    // Main logs what fails: neither is worth a word on the screen.
    at(position, next) {
      if (item === null) return;
      const { accountId, fileId: id } = item;
      if (heard.at(position) && item.source === 'library') void ask((bridge) => bridge.music.played({ accountId, id }));
      if (next === null || next === fetched || next.fileId === id) return;
      if (position < Math.min(PREFETCH_AFTER, item.duration / 2)) return;
      fetched = next;
      void ask((bridge) => bridge.player.prefetch({ accountId: next.accountId, id: next.fileId }));
    },
  };
}
