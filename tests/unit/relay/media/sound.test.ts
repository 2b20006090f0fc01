/** Loudness of sounds: what is decoded is what was written. */
import { expect, test } from 'vitest';
import { bytesOf, type Bytes } from '../../../../relay/media/formats/bytes.ts';
import { addFlacLevels, flacInfo } from '../../../../relay/media/formats/flac.ts';
import { id3Bytes } from '../../../../relay/media/formats/id3.ts';
import { collectLevels, reduce, WAVEFORM_POINTS } from '../../../../contract/model/levels.ts';
import { addMp3Levels } from '../../../../relay/media/formats/mp3.ts';
import { addWavLevels, wavDuration, wavFormat } from '../../../../relay/media/formats/wav.ts';
import { flac, mp3, steps, wav, type FlacCoding } from '../../../helpers/media-samples.ts';

function inMemory(buffer: Buffer): Bytes {
  const file = {
    read(target: Buffer, offset: number, length: number, position: number) {
      return Promise.resolve({ bytesRead: buffer.copy(target, offset, position, position + length) });
    },
  };
  return bytesOf(file, buffer.length);
}

/** One level in the middle of each third. */
const thirds = (points: number[] | null): number[] =>
  [1, 3, 5].map((sixth) => points?.[Math.floor((points.length * sixth) / 6)] ?? -1);

async function wavPoints(file: Buffer): Promise<{ duration: number; points: number[] | null }> {
  const bytes = inMemory(file);
  const format = await wavFormat(bytes);
  if (!format) throw new Error('not read');
  const levels = collectLevels();
  await addWavLevels(bytes, format, levels);
  return { duration: wavDuration(format), points: levels.points() };
}

test.each([8, 16, 24, 32, 'float'] as const)('a WAV of %s bits', async (kind) => {
  const { duration, points } = await wavPoints(wav(steps(3, 8000), 8000, kind));
  expect(duration).toBe(3);
  expect(thirds(points)).toEqual([expect.closeTo(0, 1), expect.closeTo(0.5, 1), expect.closeTo(1, 1)]);
});

test('a WAV whose recorder was stopped: the size is taken from the file', async () => {
  for (const size of [0, 0xffffffff, 999_999]) {
    const file = wav(steps(3, 8000), 8000);
    file.writeUInt32LE(size, 40);
    expect((await wavPoints(file)).duration).toBe(3);
  }
});

test.each([
  ['nothing', Buffer.alloc(0)],
  [
    'samples without a format',
    Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEdata\x04\0\0\0', 'latin1'), Buffer.alloc(4)]),
  ],
  [
    'a codec that is not read',
    (() => {
      const file = wav([0], 8000);
      file.writeUInt16LE(0x55, 20);
      return file;
    })(),
  ],
  [
    'no channels',
    (() => {
      const file = wav([0], 8000);
      file.writeUInt16LE(0, 22);
      return file;
    })(),
  ],
])('%s is no WAV', async (_name, file) => {
  expect(await wavFormat(inMemory(file))).toBeNull();
});

function flacPoints(file: Buffer): number[] | null {
  const info = flacInfo(file, 0);
  if (!info) throw new Error('not read');
  const levels = collectLevels();
  expect(addFlacLevels(file, info, levels, () => false)).toBe(true);
  return levels.points();
}

test.each(['verbatim', 'fixed', 'lpc', 'escaped'] as const satisfies readonly FlacCoding[])('a FLAC, %s', (coding) => {
  const points = flacPoints(flac(steps(3, 8000), 8000, coding));
  expect(thirds(points)).toEqual([expect.closeTo(0, 1), expect.closeTo(0.5, 1), expect.closeTo(1, 1)]);
  expect(points?.length).toBe(150);
});

test('a FLAC of constant frames', () => {
  const rate = 51_200;
  const samples = Array.from({ length: 1024 * 4 }, (_, n) => [0, 0.25, 0.5, 0.25][Math.floor(n / 1024)] ?? 0);
  expect(flacPoints(flac(samples, rate, 'constant'))).toEqual([0, expect.closeTo(0.5, 3), 1, expect.closeTo(0.5, 3)]);
});

test.each(['left', 'right', 'middle'] as const)('a FLAC of two channels, %s and difference', (side) => {
  const points = flacPoints(flac(steps(3, 8000), 8000, 'fixed', side));
  expect(thirds(points)).toEqual([expect.closeTo(0, 1), expect.closeTo(0.5, 1), expect.closeTo(1, 1)]);
});

test('a FLAC cut anywhere has the waveform of what is there; one that takes too long has none', () => {
  const whole = flac(steps(3, 8000), 8000, 'fixed');
  const half = flacPoints(whole.subarray(0, whole.length / 2));
  expect(half?.length).toBeGreaterThan(40);
  expect(half?.length).toBeLessThan(150);
  const info = flacInfo(whole, 0);
  if (!info) throw new Error('not read');
  expect(addFlacLevels(whole, info, collectLevels(), () => true)).toBe(false);
  expect(flacInfo(whole.subarray(0, 30), 0)).toBeNull();
  expect(flacInfo(Buffer.from('something else that is long enough for a header'), 0)).toBeNull();
  let seed = 5;
  for (let round = 0; round < 300; round += 1) {
    const file = Buffer.from(whole.subarray(0, 6000));
    for (let n = 0; n < 5; n += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      file[seed % file.length] = seed >> 8;
    }
    const damaged = flacInfo(file, 0);
    if (damaged) addFlacLevels(file, damaged, collectLevels(), () => false);
  }
});

test('an MP3 is as loud as its gains: four steps double it, frames without data are silent', async () => {
  const levels = collectLevels();
  const file = mp3([0, 0, 206, 206, 210, 210]);
  await addMp3Levels(inMemory(file), 0, levels);
  expect(levels.points()).toEqual([0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1]);
});

test('an MP3 behind rubbish is found; rubbish alone ends', async () => {
  const [behind, alone] = [collectLevels(), collectLevels()];
  await addMp3Levels(inMemory(Buffer.concat([Buffer.alloc(3000, 0xff), mp3([210, 206])])), 0, behind);
  expect(behind.points()).toEqual([1, 1, 0.5, 0.5]);
  await addMp3Levels(inMemory(Buffer.alloc(300_000, 0xff)), 0, alone);
  expect(alone.points()).toBeNull();
});

test('levels are kept as few as are wanted, whatever their number, and none is lost', () => {
  for (const count of [1, 2, 511, 512, 513, 1024, 1025, 100_003]) {
    const levels = collectLevels();
    for (let n = 0; n < count; n += 1) levels.add(n === Math.floor(count / 2) ? 4 : 1);
    const points = levels.points() ?? [];
    expect(points.length).toBeLessThanOrEqual(WAVEFORM_POINTS);
    expect(Math.max(...points)).toBe(1);
    expect(points.filter((point) => point !== 1 && point !== 0.25)).toEqual([]);
    expect(points.indexOf(1) / points.length).toBeCloseTo(count < 3 ? points.indexOf(1) / points.length : 0.5, 1);
  }
  expect(collectLevels().points()).toBeNull();
  const silent = collectLevels();
  silent.add(0);
  expect(silent.points()).toEqual([0]);
  expect(reduce([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([2, 4, 7]);
});

test('the size of a tag', () => {
  expect(id3Bytes(Buffer.from('ID3\x04\0\0\x00\x00\x02\x01', 'latin1'))).toBe(10 + 257);
  expect(id3Bytes(Buffer.from('ID3\x04\0\0\x7f\x7f\x7f\x7f', 'latin1'))).toBe(10 + 268_435_455);
  expect([id3Bytes(Buffer.from('ID3')), id3Bytes(Buffer.alloc(20))]).toEqual([0, 0]);
});
