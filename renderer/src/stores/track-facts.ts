/** What the player shows of a track beside its words: its waveform, and where it was shared. Fetched when looked at. */
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { PlayableView, StoryView } from '#contract/ipc/music-views.ts';
import { mediaAddress } from '#contract/model/media-address.ts';
import { ask } from './bridge-call.ts';

/** Waveforms kept in memory. */
const KEPT = 200;

export type Story = { phase: 'loading' } | { phase: 'failed' } | { phase: 'here'; shared: readonly StoryView[] };

export const useTrackFactsStore = defineStore('track-facts', () => {
  const peaks = shallowReactive(new Map<string, readonly number[]>());
  /** Those for which the server offers no waveform. */
  const lacking = shallowReactive(new Set<string>());
  const tried = new Set<string>();
  /** One at a time is measured: it takes a good part of a processor. */
  let measuring: Promise<void> = Promise.resolve();
  const stories = shallowReactive(new Map<string, Story>());
  const nameOf = (accountId: string, fileId: string): string => `${accountId} ${fileId}`;

  async function measure(name: string, address: string, { accountId, fileId: id }: PlayableView): Promise<void> {
    const { measureSound } = await import('../engines/wave/measure.ts');
    const measured = await measureSound(address);
    if (measured === null) return;
    peaks.set(name, measured);
    // Main logs a failure; it is measured again in another run.
    await ask((bridge) => bridge.music.keepPeaks({ accountId, id, peaks: measured }));
  }

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
      if (result.ok && result.value === null && !tried.has(name)) lacking.add(name);
      for (const oldest of peaks.keys()) {
        if (peaks.size <= KEPT) break;
        peaks.delete(oldest);
      }
    },
    /** True when the server has answered that it offers no waveform, and none was measured here. */
    lacksPeaks: (accountId: string, fileId: string): boolean => lacking.has(nameOf(accountId, fileId)),
    /** Measures such a sound, once a run. All of it is fetched for that: it should be one that plays. */
    measurePeaks(item: PlayableView): Promise<void> {
      const name = nameOf(item.accountId, item.fileId);
      const address = mediaAddress(item.url);
      if (address === null || !lacking.delete(name)) return measuring;
      tried.add(name);
      return (measuring = measuring.then(() => measure(name, address, item)));
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
