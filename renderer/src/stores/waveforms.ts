/** Waveforms of voice messages that the server does not provide: measured here, one at a time, and kept for a while. */
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import { mediaAddress } from '#contract/model/media-address.ts';
import { measureWaveform, MOST_BYTES } from '../engines/waveform.ts';

/** Waveforms kept in memory. */
const KEPT = 300;

export const useWaveformsStore = defineStore('waveforms', () => {
  /** By address; null while it is measured, and when that failed. */
  const measured = shallowReactive(new Map<string, readonly number[] | null>());
  let queue: Promise<void> = Promise.resolve();

  async function measure(address: string): Promise<void> {
    // Forgotten while it waited: it has left the screen long ago.
    if (!measured.has(address)) return;
    const peaks = await measureWaveform(address);
    if (measured.has(address)) measured.set(address, peaks);
  }

  return {
    /** The waveform of a sound by main's address; null while it is not known. */
    of(url: string): readonly number[] | null {
      const address = mediaAddress(url);
      return (address === null ? null : measured.get(address)) ?? null;
    },
    /** Measures it, unless that was done before or it is too long. `size`: its bytes. */
    want(url: string, size: number): void {
      const address = mediaAddress(url);
      if (address === null || measured.has(address) || size > MOST_BYTES) return;
      measured.set(address, null);
      for (const oldest of measured.keys()) {
        if (measured.size <= KEPT) break;
        measured.delete(oldest);
      }
      queue = queue.then(() => measure(address));
    },
  };
});
