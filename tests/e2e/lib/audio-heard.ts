/** What the page of fixtures/audio has recorded of its own output. */
import type { Page } from '@playwright/test';

/** Below this, of 1, it is silence. */
export const QUIET = 0.02;

interface Heard {
  /** The longest silence between the first and the last sound, and how much longer all of it was than the files; ms. */
  silence: number;
  extra: number;
  loudest: number;
}

/** What was recorded, against the length it should have. */
export const heard = (page: Page, seconds: number): Promise<Heard> =>
  page.evaluate(
    ({ expected, quiet }) => {
      const rate = Number(document.body.dataset['ready']);
      const samples = window.audio.recording.samples();
      const first = samples.findIndex((sample) => Math.abs(sample) > quiet);
      const last = samples.findLastIndex((sample) => Math.abs(sample) > quiet);
      let [run, longest, loudest] = [0, 0, 0];
      for (const sample of samples.subarray(first, last + 1)) {
        run = Math.abs(sample) < quiet / 4 ? run + 1 : 0;
        longest = Math.max(longest, run);
        loudest = Math.max(loudest, Math.abs(sample));
      }
      const ms = (count: number): number => (count / rate) * 1000;
      return { silence: ms(longest), extra: ms(last - first + 1) - expected * 1000, loudest };
    },
    { expected: seconds, quiet: QUIET },
  );

/** How loud the last moment was: the highest sample of 50 ms. */
export const loudness = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const recent = window.audio.recording.blocks.slice(-20);
    return Math.max(0, ...recent.map((block) => Math.max(...block.map(Math.abs))));
  });
