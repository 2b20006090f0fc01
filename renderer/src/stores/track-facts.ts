/** What the player shows of a track beside its words: its waveform, and where it was shared. Fetched when looked at. */
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { StoryView } from '#contract/ipc/music-views.ts';
import { ask } from './bridge-call.ts';

/** Waveforms kept in memory. */
const KEPT = 200;

export type Story = { phase: 'loading' } | { phase: 'failed' } | { phase: 'here'; shared: readonly StoryView[] };

export const useTrackFactsStore = defineStore('track-facts', () => {
  const peaks = shallowReactive(new Map<string, readonly number[]>());
  const stories = shallowReactive(new Map<string, Story>());
  const nameOf = (accountId: string, fileId: string): string => `${accountId} ${fileId}`;

  return {
    /** The waveform; empty while it is not known, or when the server offers none. */
    peaksOf: (accountId: string, fileId: string): readonly number[] => peaks.get(nameOf(accountId, fileId)) ?? [],
    async wantPeaks(accountId: string, fileId: string): Promise<void> {
      const name = nameOf(accountId, fileId);
      if (peaks.has(name)) return;
      peaks.set(name, []);
      const result = await ask((bridge) => bridge.music.peaks({ accountId, id: fileId }));
      if (result.ok && result.value !== null) peaks.set(name, result.value);
      // Asked again the next time it is looked at: the server may be away, or still at work.
      else peaks.delete(name);
      for (const oldest of peaks.keys()) {
        if (peaks.size <= KEPT) break;
        peaks.delete(oldest);
      }
    },
    storyOf: (accountId: string, fileId: string): Story =>
      stories.get(nameOf(accountId, fileId)) ?? { phase: 'loading' },
    /** Fetches it anew: it grows with every message. */
    async wantStory(accountId: string, fileId: string): Promise<void> {
      const name = nameOf(accountId, fileId);
      const result = await ask((bridge) => bridge.music.story({ accountId, id: fileId }));
      if (result.ok) stories.set(name, { phase: 'here', shared: result.value });
      else if (stories.get(name)?.phase !== 'here') stories.set(name, { phase: 'failed' });
    },
  };
});
