/** A voice note of the demonstration: syllables without words, made by a generator, always the same. */
import { RATE } from './demo-melodies.ts';
import { wavFile } from './demo-tracks.ts';

/** Vowels by their first two formants, in hertz. */
const VOWELS = [
  [730, 1090],
  [530, 1840],
  [300, 2300],
  [570, 840],
  [440, 1020],
] as const;
/** Syllables of each phrase; a breath follows it. */
const PHRASES = [5, 3, 7, 4];
const SYLLABLE = 0.19;
const BREATH = 0.42;
const OVERTONES = 24;

/** How strongly a voice has a frequency while it says a vowel. */
function strength(hertz: number, vowel: readonly [number, number]): number {
  const near = (formant: number, width: number): number => 1 / (1 + ((hertz - formant) / width) ** 2);
  return near(vowel[0], 90) + 0.5 * near(vowel[1], 130) + 0.02;
}

function addSyllable(samples: Float32Array, at: number, hertz: number, vowel: readonly [number, number]): void {
  const start = Math.round(at * RATE);
  const count = Math.min(Math.round(SYLLABLE * RATE), samples.length - start);
  let turn = 0;
  const levels = Array.from({ length: OVERTONES }, (_, k) => strength(hertz * (k + 1), vowel) / (k + 1) ** 0.5);
  for (let n = 0; n < count; n += 1) {
    const part = n / count;
    // The pitch falls a little within each syllable.
    turn += (2 * Math.PI * hertz * (1.04 - 0.08 * part)) / RATE;
    const swell = Math.sin(Math.PI * part) ** 0.7;
    const wave = levels.reduce((sum, level, k) => sum + level * Math.sin(turn * (k + 1)), 0);
    samples[start + n] = (samples[start + n] ?? 0) + swell * wave;
  }
}

/** Seconds of the whole. */
export function voiceSeconds(): number {
  return PHRASES.reduce((sum, syllables) => sum + syllables * SYLLABLE + BREATH, 0);
}

/** Samples from -1 to 1. */
export function speak(): Float32Array {
  const samples = new Float32Array(Math.round(voiceSeconds() * RATE));
  let at = 0;
  PHRASES.forEach((syllables, phrase) => {
    for (let n = 0; n < syllables; n += 1) {
      const vowel = VOWELS[(phrase * 3 + n * 2) % VOWELS.length] ?? VOWELS[0];
      // The voice sinks towards the end of a phrase, and rises at the end of the second one.
      const bend = phrase === 1 ? n / syllables : -n / syllables;
      addSyllable(samples, at, 148 + 26 * bend + 9 * Math.sin(n * 2.4 + phrase), vowel);
      at += SYLLABLE;
    }
    at += BREATH;
  });
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return samples.map((sample) => (0.8 * sample) / Math.max(loudest, 0.01));
}

/** As the application names what it records. */
export function voiceNote(): { name: string; bytes: Buffer } {
  return { name: 'voice-20260314-191500.wav', bytes: wavFile(speak(), null) };
}
