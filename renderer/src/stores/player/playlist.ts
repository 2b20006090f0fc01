/** Keeping a queue as a playlist. */
import type { QueueEntry } from '#contract/ipc/music-views.ts';
import { ask } from '../bridge-call.ts';

/** What a playlist of an account can hold: its tracks of the library, each once, in their order. */
export function savableIds(entries: readonly QueueEntry[], accountId: string): string[] {
  const own = entries.filter(({ item }) => item.accountId === accountId && item.source === 'library');
  return [...new Set(own.map(({ item }) => item.fileId))];
}

/** Makes a new playlist. */
export const savePlaylist = (accountId: string, name: string, ids: readonly string[]) =>
  ask((bridge) => bridge.music.savePlaylist({ accountId, id: null, name, ids: [...ids] }));
