/**
 * What chats know of the library: the tracks of files. Cards ask one by one as they come on the screen; the questions of
 * one moment travel together.
 */
import { shallowReactive } from 'vue';
import type { TrackView } from '#contract/ipc/music-views.ts';
import type { AccountAsk } from '../account-bridge.ts';

/** Files kept; the oldest are forgotten first. */
const KEPT = 1000;
/** Ids of one request. */
const CHUNK = 500;

export interface Known {
  /** The track of a file; null when the library does not have it, undefined while that is not known. */
  track: (id: string) => TrackView | null | undefined;
  want: (id: string) => void;
  /** Newer rows of tracks. */
  note: (tracks: readonly TrackView[]) => void;
  /** The library changed: asks again about all that is kept. */
  refresh: () => void;
}

function cut(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= KEPT) return;
    map.delete(oldest);
  }
}

export function createKnown(ask: AccountAsk): Known {
  const tracks = shallowReactive(new Map<string, TrackView | null>());
  let waiting = new Set<string>();

  async function fetchAll(ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += CHUNK) {
      const chunk = ids.slice(from, from + CHUNK);
      const answer = await ask((bridge) => bridge.music.byIds({ ids: chunk }));
      if (!answer.ok) continue;
      const found = new Map(answer.value.map((track) => [track.id, track]));
      for (const id of chunk) tracks.set(id, found.get(id) ?? null);
    }
    cut(tracks);
  }

  function flush(): void {
    const ids = [...waiting];
    waiting = new Set();
    void fetchAll(ids);
  }

  return {
    track: (id) => tracks.get(id),
    want(id) {
      if (tracks.has(id)) return;
      if (waiting.size === 0) queueMicrotask(flush);
      waiting.add(id);
    },
    note(rows) {
      for (const row of rows) if (tracks.has(row.id)) tracks.set(row.id, row);
    },
    refresh: () => void fetchAll([...tracks.keys()]),
  };
}
