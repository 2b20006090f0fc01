/** Loudness of Ogg Vorbis, of real files and of files that lie; see tests/fixtures/sound. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { collectLevels } from '../../../../contract/model/levels.ts';
import { oggPackets } from '../../../../contract/model/ogg-packets.ts';
import { BitsFromLow } from '../../../../relay/media/formats/bits-from-low.ts';
import { bytesOf, type Bytes } from '../../../../relay/media/formats/bytes.ts';
import { codeTree, readCode } from '../../../../relay/media/formats/vorbis-codes.ts';
import { curveOf } from '../../../../relay/media/formats/vorbis-floor.ts';
import { takeApart } from '../../../../relay/media/formats/vorbis-residue.ts';
import { vorbisSetup } from '../../../../relay/media/formats/vorbis-setup.ts';
import { addVorbisLevels } from '../../../../relay/media/formats/vorbis.ts';
import { oggFile } from '../../../helpers/muxed-sound.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../../fixtures/sound', name));
/** Three seconds, a quarter, a half and three quarters of full loudness. */
const STAIRS = fixture('stairs.ogg');

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
  return (await addVorbisLevels(inMemory(file), levels, isLate)) ? levels.points() : null;
}

async function packetsOf(file: Buffer): Promise<Buffer[]> {
  const packets: Buffer[] = [];
  for await (const packet of oggPackets(inMemory(file), () => true)) packets.push(Buffer.from(packet));
  return packets;
}

const PACKETS = await packetsOf(STAIRS);
const [FIRST = Buffer.alloc(0), SECOND = Buffer.alloc(0), THIRD = Buffer.alloc(0)] = PACKETS;
const SOUND = PACKETS.slice(3);
const fileOf = (first: Buffer, third: Buffer, sound: readonly Buffer[]): Buffer =>
  oggFile([first, SECOND, third], sound, 1024);

/** A packet with some of its bytes changed. */
function changed(packet: Buffer, changes: Readonly<Record<number, number>>): Buffer {
  const copy = Buffer.from(packet);
  for (const [at, value] of Object.entries(changes)) copy[Number(at)] = value;
  return copy;
}

/** The level of a part of the points, from 0 to 1: a tone's packets differ by where they cut it. */
const levelOf = (points: readonly number[], from: number, to: number): number => {
  const part = points.slice(Math.floor(points.length * from), Math.floor(points.length * to));
  return Math.sqrt(part.reduce((sum, one) => sum + one ** 2, 0) / part.length);
};

test('it is as loud over time as it was recorded', async () => {
  const points = (await pointsOf(STAIRS)) ?? [];
  expect(points.length).toBeGreaterThan(145);
  const steps = [0, 1, 2].map((third) => levelOf(points, third / 3 + 0.05, third / 3 + 0.28));
  for (const [n, level] of [1 / 3, 2 / 3, 1].entries())
    expect(Math.abs((steps[n] ?? 0) / (steps[2] ?? 0) - level)).toBeLessThan(0.02);
});

test('of two channels that are coded as one, the louder one counts', async () => {
  const points = (await pointsOf(fixture('pair.ogg'))) ?? [];
  const [before, after] = [levelOf(points, 0.1, 0.4), levelOf(points, 0.6, 0.9)];
  expect(Math.abs(after / before - 1 / 3)).toBeLessThan(0.03);
});

/** The same sound three times, one after the other. */
const LONG = fileOf(FIRST, THIRD, [...SOUND, ...SOUND, ...SOUND]);

test('cut anywhere, it has the waveform of what is there', async () => {
  const half = await pointsOf(LONG.subarray(0, LONG.length - 2000));
  expect(half?.length).toBeGreaterThan(20);
  for (const size of [0, 26, 27, 46, 60, 2000]) expect(await pointsOf(STAIRS.subarray(0, size))).toBeNull();
});

test('packets that are cut are as loud as what is left of them', async () => {
  const whole = (await pointsOf(fileOf(FIRST, THIRD, SOUND))) ?? [];
  const cut = SOUND.map((packet, n) => (n > SOUND.length / 2 ? packet.subarray(0, 2) : packet));
  const points = (await pointsOf(fileOf(FIRST, THIRD, cut))) ?? [];
  expect(points).toHaveLength(whole.length);
  expect(levelOf(points, 0.6, 0.9)).toBeLessThan(0.1);
});

test('one that takes too long has none', async () => {
  let looks = 0;
  expect(await pointsOf(STAIRS, () => (looks += 1) > 1)).toBeNull();
  expect(looks).toBe(2);
});

test.each([
  ['Opus', fixture('stairs.opus')],
  ['another version', fileOf(changed(FIRST, { 7: 1 }), THIRD, SOUND)],
  ['no channel', fileOf(changed(FIRST, { 11: 0 }), THIRD, SOUND)],
  ['nine channels', fileOf(changed(FIRST, { 11: 9 }), THIRD, SOUND)],
  ['no rate', fileOf(changed(FIRST, { 12: 0, 13: 0, 14: 0, 15: 0 }), THIRD, SOUND)],
  ['a first header that is cut', fileOf(FIRST.subarray(0, 29), THIRD, SOUND)],
  ['another packet in place of the third header', fileOf(FIRST, SECOND, SOUND)],
])('%s is not read', async (_name, file) => {
  expect(await pointsOf(file)).toBeNull();
});

test.each([
  ['a chain of two streams', Buffer.concat([STAIRS, fixture('first.ogg')]), 'a chain of streams'],
  ['blocks of 32 samples', fileOf(changed(FIRST, { 28: 0xb5 }), THIRD, SOUND), 'blocks'],
  ['a short block that is longer', fileOf(changed(FIRST, { 28: 0x8b }), THIRD, SOUND), 'blocks'],
  ['no book where one should be', fileOf(FIRST, changed(THIRD, { 8: 0 }), SOUND), 'no book'],
  ['a book of no dimension', fileOf(FIRST, changed(THIRD, { 11: 0, 12: 0 }), SOUND), 'too large'],
  ['a book of 16 million entries', fileOf(FIRST, changed(THIRD, { 15: 255 }), SOUND), 'too large'],
  ['values beyond any number', fileOf(FIRST, changed(THIRD, { 1318: 255 }), SOUND), 'louder than any sound'],
  ['a third header that is cut', fileOf(FIRST, THIRD.subarray(0, 900), SOUND), 'past the end'],
])('%s: an error that says so', async (_name, file, message) => {
  await expect(pointsOf(file)).rejects.toThrow(message);
});

test('flipped bytes give a waveform, none, or an error of the right kind, and end', async () => {
  const end = 28 + 200 + THIRD.length;
  for (let at = 20; at < STAIRS.length; at += at < end ? 13 : 311) {
    const file = Buffer.from(STAIRS);
    file[at] = (file[at] ?? 0) ^ 0x55;
    const points = await pointsOf(file).catch((error: unknown) => error);
    expect(points === null || points instanceof RangeError || Array.isArray(points)).toBe(true);
    if (Array.isArray(points)) expect(points.every((level) => level >= 0 && level <= 1)).toBe(true);
  }
});

describe('codes', () => {
  /** Reads a code from its bits, in the order in which they are read. */
  const read = (lengths: readonly number[], bits: string): number => {
    const byte = [...bits].reduce((sum, bit, n) => sum + Number(bit) * 2 ** n, 0);
    return readCode(codeTree(Uint8Array.from(lengths)), new BitsFromLow(Buffer.from([byte & 255, byte >> 8])));
  };

  test.each([
    [0, '00'],
    [1, '0100'],
    [2, '0101'],
    [3, '0110'],
    [4, '0111'],
    [5, '10'],
    [6, '110'],
    [7, '111'],
  ])('entry %i of the specification’s book is %s', (entry, bits) => {
    expect(read([2, 4, 4, 4, 4, 2, 3, 3], bits)).toBe(entry);
  });

  test('an entry may have none', () => expect(read([0, 1, 0, 2, 2], '10')).toBe(3));
  test('what is no code is an error', () => expect(() => read([2, 2], '11')).toThrow('no code'));
  test.each([[[1, 1, 1]], [[1, 2, 2, 2]], [[2, 1, 2, 2]]])('%j are too many', (lengths) => {
    expect(() => codeTree(Uint8Array.from(lengths))).toThrow(RangeError);
  });
});

test('a curve’s points are differences to the line between their neighbours', () => {
  const floor = { partitions: [], multiplier: 2, places: [0, 128, 64, 32, 96] };
  // In the middle of 10 and 90 it is 50: four up; then two down from the line, and the last one is on its line.
  expect(curveOf(floor, [10, 90, 8, 3, 0])).toEqual([
    [0, 20],
    [32, 60],
    [64, 108],
    [128, 180],
  ]);
  // More than the room on the smaller side: counted from the end of the range.
  expect(curveOf(floor, [10, 10, 60, 0, 0])[1]).toEqual([64, 120]);
});

test('two channels that were coded as one are taken apart, in all four cases', () => {
  const loud = Float32Array.from([5, 5, -5, -5]);
  const other = Float32Array.from([2, -2, 2, -2]);
  takeApart(loud, other);
  expect([[...loud], [...other]]).toEqual([
    [5, 3, -5, -3],
    [3, 5, -3, -5],
  ]);
});

test('a setup says what it is of, and is not read from a megabyte', () => {
  expect(vorbisSetup(FIRST, THIRD)).toMatchObject({ channels: 1, rate: 48_000, blocks: [256, 2048] });
  expect(vorbisSetup(FIRST, Buffer.concat([THIRD, Buffer.alloc(1024 * 1024)]))).toBeNull();
});
