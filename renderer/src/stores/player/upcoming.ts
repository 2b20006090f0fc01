/** What follows the current track by itself: the engine has it loaded once the end is near. */
import type { QueueEntry } from '#contract/ipc/music-views.ts';
import { following, type PlayQueue } from '#contract/model/play-queue.ts';

/** Seconds before the end at which the next track is loaded, beyond the overlap. */
const PREPARE_BEFORE = 20;

/** The player as it is now. */
export interface UpcomingPlace {
  queue: PlayQueue;
  /** Seconds that are left of the current track; infinite where nobody knows. */
  left: number;
  /** Seconds of overlap. */
  overlap: number;
  /** Nothing should follow: the music stops after this track. */
  last: boolean;
}

export interface Upcoming {
  /** What follows in this queue. */
  after(queue: PlayQueue): QueueEntry | null;
  /** Has what follows now loaded, in place of what was, if it is time. */
  prepare(place: UpcomingPlace): void;
  /** The key of what is loaded, which is forgotten thereby. */
  take(): string | null;
}

/** @param load loads an entry, or lets go of what was loaded. */
export function createUpcoming(load: (entry: QueueEntry | null, overlap: number) => void): Upcoming {
  let prepared: { key: string; overlap: number } | null = null;

  function after(queue: PlayQueue): QueueEntry | null {
    const key = following(queue, 'ended');
    return queue.entries.find((entry) => entry.key === key) ?? null;
  }

  return {
    after,
    prepare({ queue, left, overlap, last }) {
      if (prepared === null && left > PREPARE_BEFORE + overlap) return;
      const next = last ? null : after(queue);
      if (prepared?.key === next?.key && (next === null || prepared?.overlap === overlap)) return;
      prepared = next && { key: next.key, overlap };
      load(next, overlap);
    },
    take() {
      const key = prepared?.key ?? null;
      prepared = null;
      return key;
    },
  };
}
