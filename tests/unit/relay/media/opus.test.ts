/** Loudness of Ogg Opus, of a real file and of files that lie; see tests/fixtures/sound. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { collectLevels } from '../../../../contract/model/levels.ts';
import { bytesOf, type Bytes } from '../../../../relay/media/formats/bytes.ts';
import { addOpusLevels, opusSetup } from '../../../../relay/media/formats/opus.ts';
import { oggFile } from '../../../helpers/muxed-sound.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../../fixtures/sound', name));
/** Three seconds, a quarter, a half and three quarters of full loudness. */
const STAIRS = fixture('stairs.opus');
const HEAD = STAIRS.subarray(28, 47);

function inMemory(buffer: Buffer): Bytes {
  const file = {
    read(target: Buffer, offset: number, length: number, position: number) {
      return Promise.resolve({ bytesRead: buffer.copy(target, offset, position, position + length) });
    },
  };
  return bytesOf(file, buffer.length);
}

/** Points of a file; null where it has none. */
async function pointsOf(file: Buffer, isLate = () => false): Promise<number[] | null> {
  const levels = collectLevels();
  return (await addOpusLevels(inMemory(file), levels, isLate)) ? levels.points() : null;
}

/** A header with some of its bytes changed. */
const changed = (changes: Readonly<Record<number, number>>, more: readonly number[] = []): Buffer => {
  const head = Buffer.from([...HEAD, ...more]);
  for (const [at, value] of Object.entries(changes)) head[Number(at)] = value;
  return head;
};

test('it is as loud over time as it was recorded', async () => {
  const points = await pointsOf(STAIRS);
  expect(points?.length).toBeGreaterThan(145);
  const middles = [1, 3, 5].map((sixth) => points?.[Math.floor((points.length * sixth) / 6)] ?? 0);
  for (const [n, level] of [1 / 3, 2 / 3, 1].entries()) expect(Math.abs((middles[n] ?? 0) - level)).toBeLessThan(0.05);
});

test('cut anywhere, it has the waveform of what is there', async () => {
  const half = await pointsOf(STAIRS.subarray(0, STAIRS.length - 3000));
  expect(half?.length).toBeGreaterThan(30);
  for (const size of [0, 26, 27, 46, 60]) expect(await pointsOf(STAIRS.subarray(0, size))).toBeNull();
});

test('one that takes too long has none', async () => {
  let looks = 0;
  expect(await pointsOf(STAIRS, () => (looks += 1) > 1)).toBeNull();
  expect(looks).toBe(2);
});

test('Vorbis is not read', async () => {
  expect(await pointsOf(fixture('first.ogg'))).toBeNull();
});

test.each([
  ['a chain of two streams', Buffer.concat([STAIRS, fixture('first.opus')]), 'a chain of streams'],
  ['rubbish between the pages', Buffer.concat([STAIRS.subarray(0, 47), Buffer.alloc(500, 7)]), 'no page of Ogg'],
  ['a packet that nobody encodes', oggFile([HEAD, Buffer.from('OpusTags')], [Buffer.alloc(4000)], 960), 'too long'],
  ['a packet of nonsense', oggFile([HEAD, Buffer.from('OpusTags')], [Buffer.alloc(9, 255)], 960), 'cannot be decoded'],
])('%s: an error that says so', async (_name, file, message) => {
  await expect(pointsOf(file)).rejects.toThrow(message);
});

test('flipped bytes give a waveform, none, or an error, and end', async () => {
  for (let at = 20; at < STAIRS.length; at += 487) {
    const file = Buffer.from(STAIRS);
    file[at] = (file[at] ?? 0) ^ 0x55;
    const points = await pointsOf(file).catch((error: unknown) => error);
    const isFine = points === null || points instanceof Error || Array.isArray(points);
    expect(isFine).toBe(true);
    if (Array.isArray(points)) expect(points.every((level) => level >= 0 && level <= 1)).toBe(true);
  }
});

describe('how its channels are coded', () => {
  test('one, two, and six of them', () => {
    expect(opusSetup(changed({ 9: 1 }))).toMatchObject({ channels: 1, coupledStreamCount: 0 });
    expect(opusSetup(changed({ 9: 2 }))).toMatchObject({ channels: 2, coupledStreamCount: 1 });
    expect(opusSetup(changed({ 9: 6, 18: 1 }, [4, 2, 0, 4, 1, 2, 3, 5]))).toEqual({
      channels: 6,
      streamCount: 4,
      coupledStreamCount: 2,
      channelMappingTable: [0, 4, 1, 2, 3, 5],
    });
  });

  test.each([
    ['none', changed({ 9: 0 })],
    ['three without a map', changed({ 9: 3 })],
    ['six with half a map', changed({ 9: 6, 18: 1 }, [4, 2, 0, 4, 1])],
    ['more coupled than there are', changed({ 9: 2, 18: 1 }, [1, 2, 0, 1])],
    ['no stream', changed({ 9: 2, 18: 1 }, [0, 0, 255, 255])],
    ['more streams than channels', changed({ 9: 2, 18: 1 }, [200, 0, 0, 1])],
    ['one from a stream that is not there', changed({ 9: 2, 18: 1 }, [1, 1, 0, 2])],
    ['another family', changed({ 18: 255 }, [1, 1, 0, 1])],
    ['another version', changed({ 8: 16 })],
    ['a header cut off', HEAD.subarray(0, 18)],
  ])('%s: not read', async (_name, head) => {
    expect(opusSetup(head)).toBeNull();
    expect(await pointsOf(oggFile([head, Buffer.from('OpusTags')], [Buffer.alloc(20)], 960))).toBeNull();
  });
});
