/** Melodies made by a generator: chords, a bass, a lead and a little percussion, always the same for the same song. */

/** Samples per second. */
export const RATE = 22_050;

export interface Song {
  title: string;
  /** Beats per minute. */
  tempo: number;
  /** The key's first note, as MIDI counts them. */
  root: number;
  scale: 'major' | 'minor';
  /** The chord of each bar, as a degree of the scale from 0. */
  chords: readonly number[];
  /** How often the chords come round. */
  rounds: number;
  /** Begins the melody's chance. */
  seed: number;
  hasDrums: boolean;
}

const SCALES = { major: [0, 2, 4, 5, 7, 9, 11], minor: [0, 2, 3, 5, 7, 8, 10] } as const;
const BEATS = 4;
/** Seconds in which a note begins and ends, so that it does not click. */
const EDGE = 0.008;

/** Numbers from 0 to 1, the same for the same seed. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** In hertz. @param degree of the scale; beyond its end the next octave begins. */
function frequency({ root, scale }: Song, degree: number): number {
  const steps = SCALES[scale];
  const octave = Math.floor(degree / steps.length);
  const step = steps[degree - octave * steps.length] ?? 0;
  return 440 * 2 ** ((root + step + 12 * octave - 69) / 12);
}

interface Note {
  /** Seconds from the beginning. */
  at: number;
  seconds: number;
  hertz: number;
  loudness: number;
  /** How loud each overtone is, from the first. */
  overtones: readonly number[];
  /** Seconds in which it fades to a third. */
  fade: number;
}

function addNote(samples: Float32Array, { at, seconds, hertz, loudness, overtones, fade }: Note): void {
  const start = Math.round(at * RATE);
  const count = Math.min(Math.round(seconds * RATE), samples.length - start);
  for (let n = 0; n < count; n += 1) {
    const time = n / RATE;
    const edge = Math.min(1, time / EDGE, (count - n) / RATE / EDGE);
    const turn = 2 * Math.PI * hertz * time;
    const wave = overtones.reduce((sum, level, k) => sum + level * Math.sin(turn * (k + 1)), 0);
    samples[start + n] = (samples[start + n] ?? 0) + loudness * edge * Math.exp(-time / fade) * wave;
  }
}

/** A drum: a falling tone, or noise. */
function addBeat(samples: Float32Array, at: number, kind: 'low' | 'high', random: () => number): void {
  const start = Math.round(at * RATE);
  const count = Math.min(Math.round((kind === 'low' ? 0.18 : 0.05) * RATE), samples.length - start);
  for (let n = 0; n < count; n += 1) {
    const time = n / RATE;
    const sound =
      kind === 'low'
        ? 0.5 * Math.sin(2 * Math.PI * (45 + 60 * Math.exp(-time * 30)) * time) * Math.exp(-time * 18)
        : 0.08 * (random() * 2 - 1) * Math.exp(-time * 80);
    samples[start + n] = (samples[start + n] ?? 0) + sound;
  }
}

function addBar(samples: Float32Array, song: Song, at: number, chord: number, random: () => number): void {
  const beat = 60 / song.tempo;
  for (const third of [0, 2, 4]) {
    const hertz = frequency(song, chord + third);
    const overtones = [1, 0.35, 0.15];
    addNote(samples, { at, seconds: beat * BEATS, hertz, loudness: 0.07, overtones, fade: 4 });
  }
  for (let n = 0; n < BEATS; n += 1) {
    const low = frequency(song, chord - 14 + (n === 3 ? 4 : 0));
    addNote(samples, { at: at + n * beat, seconds: beat, hertz: low, loudness: 0.16, overtones: [1, 0.3], fade: 0.5 });
    if (!song.hasDrums) continue;
    if (n % 2 === 0) addBeat(samples, at + n * beat, 'low', random);
    addBeat(samples, at + (n + 0.5) * beat, 'high', random);
  }
  // The lead keeps to the chord on the beats and wanders between them.
  let degree = chord + 7 + 2 * Math.floor(random() * 3);
  for (let n = 0; n < BEATS * 2; n += 1) {
    if (random() < 0.3) continue;
    const hertz = frequency(song, degree);
    const seconds = (beat / 2) * (random() < 0.3 ? 2 : 1);
    addNote(samples, {
      at: at + (n * beat) / 2,
      seconds,
      hertz,
      loudness: 0.14,
      overtones: [1, 0, 0.11, 0, 0.04],
      fade: 0.6,
    });
    degree += Math.floor(random() * 3) - 1;
  }
}

/** How long a song is, in seconds. */
export function songSeconds({ tempo, chords, rounds }: Song): number {
  return (60 / tempo) * BEATS * chords.length * rounds;
}

/** Plays a song: samples from -1 to 1. */
export function play(song: Song): Float32Array {
  const random = chance(song.seed);
  const seconds = songSeconds(song);
  const bar = (60 / song.tempo) * BEATS;
  const samples = new Float32Array(Math.round(seconds * RATE));
  for (let n = 0; n < song.chords.length * song.rounds; n += 1) {
    addBar(samples, song, n * bar, song.chords[n % song.chords.length] ?? 0, random);
  }
  let loudest = 0;
  for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
  return samples.map((sample) => (0.9 * sample) / Math.max(loudest, 0.01));
}
