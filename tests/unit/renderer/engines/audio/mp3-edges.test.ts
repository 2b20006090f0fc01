/** The edges of an MP3 without a header: files of LAME for how they are built, samples made here for what is in them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  edgesIn,
  quietBegin,
  type DecodeFrames,
  type Edges,
} from '../../../../../renderer/src/engines/audio/lengths/mp3-edges.ts';

const RATE = 44_100;
const BEFORE = 1105;
const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../../../fixtures/sound', name));
const BARE = fixture('first_bare.mp3');
const LAME = fixture('first_lame.mp3');

/** The power of a sound after so much of something softer. @param loud of the sample at a place after its begin */
const powers = (quiet: number, soft: number, loud: (at: number) => number, length = 2257): Float64Array =>
  Float64Array.from({ length }, (_, n) => (n < quiet ? soft : loud(n - quiet)) ** 2 * (1 + 0.5 * Math.sin(n)));

describe('how much at the begin is softer than what follows', () => {
  test.each([
    ['silence before a sound', 1105, 0, () => 0.3, 1105],
    ['what a codec blurs before a sound', 1105, 0.02, () => 0.3, 1105],
    ['a soft sound after silence', 700, 0, () => 0.002, 700],
    ['less than a step', 600, 0.1, () => 0.3, 0],
    ['a sound from the first sample on', 0, 0, () => 0.3, 0],
    ['nothing at all', 1105, 0, () => 0, 0],
    ['noise of a millionth', 1105, 0, () => 0.000_01, 0],
    ['a sound that dies away', 0, 0, (at: number) => 0.3 * Math.exp(-at / 1500), 0],
  ] as const)('%s', (_name, quiet, soft, loud, expected) => {
    expect(Math.abs(quietBegin(powers(quiet, soft, loud), BEFORE) - expected)).toBeLessThan(3);
  });

  test('music that begins softly loses no more than an encoder adds, and nothing loud', () => {
    for (const seconds of [0.005, 0.02, 0.1, 1]) {
      for (const quiet of [0, 400, 1105, 2000]) {
        const power = powers(quiet, 0.000_01, (at) => Math.min(0.3, (0.3 * at) / (seconds * RATE)));
        const found = quietBegin(power, BEFORE);
        expect(found).toBeLessThanOrEqual(BEFORE);
        const lost = power.subarray(0, found).reduce((sum, one) => sum + one, 0) / Math.max(1, found);
        const kept = power.subarray(found).reduce((sum, one) => sum + one, 0) / (power.length - found);
        if (found > 0) expect(kept / lost).toBeGreaterThanOrEqual(30);
      }
    }
  });
});

/** Decodes into a tone: silent for `zeros` samples, soft up to the begin, and again at the end. */
const decoded =
  (begin: number, silent: number, { zeros = 10, soft = 0.005 } = {}): DecodeFrames =>
  (frames, { samples, channels }) => {
    const size = frames.length * samples;
    const isHead = frames.length < 10;
    const at = (n: number): number => {
      if (isHead ? n < zeros : n >= size) return 0;
      if (isHead ? n < begin : n >= size - silent) return soft;
      return 0.3 * Math.cos(n / 16);
    };
    return Promise.resolve(
      Array.from({ length: channels }, () => Float32Array.from({ length: size }, (_, n) => at(n))),
    );
  };

const edges = (file: Buffer, decode: DecodeFrames = decoded(BEFORE, 900)): Promise<Edges | null> =>
  edgesIn(
    { size: file.length, read: (at, length) => Promise.resolve(Uint8Array.from(file.subarray(at, at + length))) },
    decode,
  );
const samples = async (file: Buffer, decode?: DecodeFrames): Promise<number[] | null> => {
  const found = await edges(file, decode);
  return found && [Math.round(found.begin * RATE), Math.round(found.end * RATE)];
};

/** Both are counted from the first sample that is not zero. */
const FRAMES = { bare: 155, lame: 47 };
const END = FRAMES.bare * 1152 - 10;
const TAG = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125, 32)]);
const APE = Buffer.concat([Buffer.from('APETAGEX'), Buffer.alloc(200, 1)]);
const ID3 = Buffer.from([...Buffer.from('ID3'), 3, 0, 0, 0, 0, 2, 0, ...Buffer.alloc(256)]);

test('of a constant rate: found by its size', async () => {
  expect(await samples(BARE)).toEqual([1095, END - 900]);
  expect((await edges(BARE))?.soft).toBeCloseTo(0.005, 6);
});

test('of a changing rate: all its frames are counted', async () => {
  expect(await samples(LAME)).toEqual([1095, FRAMES.lame * 1152 - 10 - 900]);
});

test.each([
  ['ID3v1', Buffer.concat([BARE, TAG])],
  ['APE', Buffer.concat([BARE, APE])],
  ['both, and ID3v2', Buffer.concat([ID3, BARE, APE, TAG])],
])('behind or before tags, %s', async (_name, file) => {
  expect(await samples(file)).toEqual([1095, END - 900]);
});

test.each([
  ['a step that the codec has blurred is where LAME puts it', decoded(1000, 850), [1095, END - 850]],
  ['an encoder that adds less', decoded(700, 850), [690, END - 850]],
  ['music that begins silent keeps that', decoded(5000, 850), [0, END - 850]],
  ['a file cut out of another one keeps everything', decoded(0, 0, { zeros: 0 }), [0, END + 10]],
  ['silence at the end is kept beyond what an encoder adds', decoded(BEFORE, 2000), [1095, END - 1198]],
] as const)('%s', async (_name, decode, expected) => {
  const found = await samples(BARE, decode);
  for (const [n, one] of expected.entries()) expect(Math.abs((found?.[n] ?? Number.NaN) - one)).toBeLessThan(9);
});

test.each([
  ['a header', fixture('first.mp3')],
  ['another format', fixture('first.ogg')],
  ['nothing', Buffer.alloc(0)],
  ['a last frame that is cut', BARE.subarray(0, BARE.length - 40)],
  ['something else at its end', Buffer.concat([BARE, Buffer.alloc(3000, 7)])],
  ['too few frames', BARE.subarray(0, 157 * 8)],
])('with %s: nothing is known', async (_name, file) => {
  expect(await edges(file)).toBeNull();
});

test('silent from begin to end, nothing is known', async () => {
  const silent: DecodeFrames = (frames) => Promise.resolve([new Float32Array(frames.length * 1152)]);
  expect(await edges(BARE, silent)).toBeNull();
});

test('a decoder that gives too little: nothing is known', async () => {
  expect(await edges(BARE, () => Promise.resolve([]))).toBeNull();
});
