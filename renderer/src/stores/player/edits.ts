/** What people do to the queue without touching what plays. */
import type { PlayableView, QueueEntry } from '#contract/ipc/music-views.ts';
import type { QueueEvent, Repeat } from '#contract/model/play-queue.ts';

let made = 0;

/** Entries with names of their own: the same track may stand in a queue twice, and names survive a restart. */
export function entriesOf(items: readonly PlayableView[]): QueueEntry[] {
  const now = Date.now().toString(36);
  return items.map((item) => ({ key: `${now}-${(made += 1).toString(36)}`, item }));
}

/** @param change changes the queue. */
export function createEdits(change: (event: QueueEvent) => void) {
  return {
    /** After the current one, in this order. */
    playNext: (items: readonly PlayableView[]) => change({ kind: 'playNext', entries: entriesOf(items) }),
    /** After everything else. */
    playLater: (items: readonly PlayableView[]) => change({ kind: 'playLater', entries: entriesOf(items) }),
    /** What follows the current one, by an order from elsewhere. */
    arrange: (entries: readonly QueueEntry[]) => change({ kind: 'arrange', entries }),
    /** Around the current one, where it is alone: the list that it was taken from. */
    surround: (items: readonly PlayableView[], at: number) =>
      change({ kind: 'surround', entries: entriesOf(items), at }),
    remove: (keys: readonly string[]) => change({ kind: 'remove', keys }),
    /** To a place in the order of playing. */
    move: (key: string, to: number) => change({ kind: 'move', key, to }),
    clear: () => change({ kind: 'clear' }),
    setShuffle: (on: boolean) => change({ kind: 'shuffle', on }),
    setRepeat: (repeat: Repeat) => change({ kind: 'repeat', repeat }),
  };
}
