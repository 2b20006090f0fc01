/** The tracks that can be heard together: those of the library that the account of the call sees. */
import type { TrackView } from '#contract/ipc/music-views.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { askAs } from '../account/account-bridge.ts';

/** Milliseconds from one look at the server's list to the next: the other side must not cause one with each message. */
const REFRESH_GAP = 10_000;
/** Rows of a list to choose from. */
const MOST_ROWS = 50;

/**
 * Finds tracks by their files; null for one that the library does not have. `now`: milliseconds, monotonic.
 */
export function findTrack(accountId: string, now: () => number): (id: string) => Promise<TrackView | null> {
  const ask = askAs(accountId);
  let refreshedAt = Number.NEGATIVE_INFINITY;
  async function known(id: string): Promise<TrackView | null> {
    const answer = await ask((bridge) => bridge.music.byIds({ ids: [id] }));
    return answer.ok ? (answer.value[0] ?? null) : null;
  }
  return async (id) => {
    const track = await known(id);
    if (track !== null || now() - refreshedAt < REFRESH_GAP) return track;
    refreshedAt = now();
    // Listed by the other side a moment ago.
    await ask((bridge) => bridge.music.refresh({}));
    return known(id);
  };
}

/** Tracks to choose from, the newest first; null when they cannot be read. */
export async function tracksToChoose(accountId: string, words: string): Promise<TrackView[] | null> {
  const q = [...words.trim()].slice(0, LIMITS.searchQuery.max).join('');
  const answer = await askAs(accountId)((bridge) =>
    bridge.music.tracks({ q, sort: 'added', descending: true, within: null, limit: MOST_ROWS, offset: 0 }),
  );
  return answer.ok ? answer.value.tracks : null;
}
