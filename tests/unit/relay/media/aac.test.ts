/** Loudness of AAC, of real files and of files that lie; see tests/fixtures/sound. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { collectLevels } from '../../../../contract/model/levels.ts';
import { addAdtsLevels, addMp4AacLevels } from '../../../../relay/media/formats/aac.ts';
import { AacDecoder } from '../../../../relay/media/formats/aac-frame.ts';
import { Bits } from '../../../../relay/media/formats/bits.ts';
import { bytesOf, type Bytes } from '../../../../relay/media/formats/bytes.ts';
import { mp4AacStream } from '../../../../relay/media/formats/mp4-aac.ts';
import { adtsFile, bitsOf, bytesOfBits } from '../../../helpers/aac-bits.ts';
import { id3Text, tagged } from '../../../helpers/media-samples.ts';
import { aacEntry, m4aFile } from '../../../helpers/muxed-sound.ts';
import { randomSource } from '../../../helpers/random-source.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../../fixtures/sound', name));
/** Two channels of sweeps and clicks, in 36 packets: all books, all windows, sums, copies, and filters. */
const PARTS = fixture('parts.m4a');
/** Each fiftieth of a second of it, as ffmpeg decodes it. */
const PARTS_LEVELS = [
  0.108, 0.6091, 0.1952, 0.1058, 0.0884, 0.0945, 0.1042, 0.1089, 0.1066, 0.1127, 0.1204, 0.1446, 0.1368, 0.1473, 0.1572,
  0.1711, 0.3203, 0.2163, 0.2275, 0.2266, 0.2206, 0.5635, 0.5089, 0.3125, 0.252, 0.2129, 0.2453, 0.2347, 0.2518, 0.2508,
  0.3033, 0.4359, 0.452, 0.2833, 0.2623, 0.2732, 0.286, 0.2891, 0.2893, 0.4038, 0.3104, 0.3787,
];

function inMemory(buffer: Buffer): Bytes {
  const file = {
    read(target: Buffer, offset: number, length: number, position: number) {
      return Promise.resolve({ bytesRead: buffer.copy(target, offset, position, position + length) });
    },
  };
  return bytesOf(file, buffer.length);
}

/** Levels of a file; null where it has none. */
async function levelsOf(file: Buffer, add = addMp4AacLevels, isLate = () => false): Promise<number[] | null> {
  const all: number[] = [];
  const collected = collectLevels();
  const levels = { ...collected, add: (level: number) => void all.push(level) };
  return (await add(inMemory(file), levels, isLate)) ? all : null;
}

async function packetsOf(file: Buffer): Promise<Buffer[]> {
  const found: Buffer[] = [];
  const stream = await mp4AacStream(inMemory(file));
  for await (const { bytes } of stream?.packets ?? []) found.push(Buffer.from(bytes));
  return found;
}

const PACKETS = await packetsOf(PARTS);
/** MPEG-4's AAC-LC at 44.1 kHz, of two channels. */
const SETUP = [0x12, 0x10];
const m4aOf = (packets: readonly Buffer[], setup = SETUP, perChunk = 7): Buffer =>
  m4aFile(aacEntry(44_100, setup), packets, 1024, 44_100, perChunk);

const close = (levels: readonly number[]): unknown[] => levels.map((level): unknown => expect.closeTo(level, 3.9));
const isAll = (levels: readonly number[] | null): boolean =>
  levels?.length === PARTS_LEVELS.length &&
  levels.every((level, n) => Math.abs(level - (PARTS_LEVELS[n] ?? -1)) < 0.0001);

test('it is as loud over time as another decoder has it', async () => {
  expect(PACKETS).toHaveLength(36);
  expect(await levelsOf(PARTS)).toEqual(close(PARTS_LEVELS));
});

test('so it is in frames of ADTS, behind a tag and between other bytes', async () => {
  const file = adtsFile(PACKETS, 4);
  expect(isAll(await levelsOf(file, addAdtsLevels))).toBe(true);
  expect(isAll(await levelsOf(tagged([id3Text('TIT2', 'Parts')], file), addAdtsLevels))).toBe(true);
  const junk = Buffer.alloc(5000, 0x2e);
  const split = Buffer.concat([adtsFile(PACKETS.slice(0, 9), 4), junk, adtsFile(PACKETS.slice(9), 4), junk]);
  expect(isAll(await levelsOf(split, addAdtsLevels))).toBe(true);
});

test('what only looks like a frame between two of them is passed over, and so is a header without a sound', async () => {
  const head = adtsFile([Buffer.alloc(0)], 4);
  const alike = Buffer.concat([Buffer.alloc(50, 0x2e), adtsFile([Buffer.alloc(300)], 4).subarray(0, 90)]);
  const parts = [adtsFile(PACKETS.slice(0, 9), 4), alike, adtsFile(PACKETS.slice(9, 20), 4), head];
  expect(isAll(await levelsOf(Buffer.concat([...parts, adtsFile(PACKETS.slice(20), 4)]), addAdtsLevels))).toBe(true);
});

test('headers without a sound are not read for ever', async () => {
  const heads = Array.from({ length: 20_000 }, () => Buffer.alloc(0));
  const file = inMemory(adtsFile(heads, 4));
  let furthest = 0;
  const counted: Bytes = {
    size: file.size,
    read: (at, length) => {
      furthest = Math.max(furthest, at);
      return file.read(at, length);
    },
  };
  expect(await addAdtsLevels(counted, collectLevels(), () => false)).toBe(false);
  expect(furthest).toBeLessThan(80_000);
});

test('several blocks in one frame are all read, with sums and without', async () => {
  const [first = '', ...rest] = PACKETS.slice(0, 3).map((packet) => packet.toString('hex'));
  const frame = (isSummed: boolean): Buffer => {
    const sum = isSummed ? 'ffff' : '';
    const body = Buffer.from(sum.repeat(3) + [first, ...rest].map((one) => one + sum).join(''), 'hex');
    const head = `${'1'.repeat(12)}000${isSummed ? 0 : 1}01${bitsOf(4, 4)}0${bitsOf(2, 3)}0000`;
    return Buffer.concat([bytesOfBits(`${head}${bitsOf(body.length + 7, 13)}${'1'.repeat(11)}10`), body]);
  };
  const plain = await levelsOf(adtsFile(PACKETS.slice(0, 3), 4), addAdtsLevels);
  for (const isSummed of [false, true]) expect(await levelsOf(frame(isSummed), addAdtsLevels)).toEqual(plain);
});

test('of eight steps each is as loud as it was made', async () => {
  const levels = (await levelsOf(fixture('stairs.m4a'))) ?? [];
  for (let n = 0; n < 8; n += 1) {
    const step = levels.slice(n * 50 + 15, n * 50 + 45);
    for (const level of step) expect(Math.abs(level - (n + 1) / 10)).toBeLessThan(0.01);
  }
});

test('of six channels the loudest one counts', async () => {
  // Each begins a twentieth of a second after the one before it, and is louder; as ffmpeg decodes it.
  expect(await levelsOf(fixture('six.m4a'))).toEqual(
    close([
      0.0005, 0.1003, 0.1003, 0.2007, 0.2003, 0.2002, 0.3005, 0.3004, 0.397, 0.4016, 0.4018, 0.5273, 0.5074, 0.5976,
      0.6255, 0.6017, 0.8978, 0.708, 0.6842, 0.0014,
    ]),
  );
});

test.each([1, 5, 36])('%i packets in a chunk', async (perChunk) => {
  expect(await packetsOf(m4aOf(PACKETS, SETUP, perChunk))).toEqual(PACKETS);
});

test('what is past the end of the file was cut off', async () => {
  const file = m4aOf(PACKETS, SETUP, 12);
  // The place of the third of three chunks.
  file.writeUInt32BE(file.length + 10, file.indexOf('stco', 0, 'latin1') + 4 + 8 + 8);
  expect(await packetsOf(file)).toEqual(PACKETS.slice(0, 24));
});

test('a fiftieth of a second need not be whole samples', async () => {
  const silent = Array.from({ length: 36 }, () => Buffer.of(0xe0));
  const levels = await levelsOf(m4aOf(silent, [0x15, 0x10]));
  expect(levels).toEqual(Array.from({ length: Math.ceil((36 * 1024) / (11_025 / 50)) }, () => 0));
});

test.each([
  ['HE-AAC, whose lower half is AAC-LC', [0x2a, 0x12, 0x08]],
  ['a rate that is written out', [0x17, 0x80, 0x56, 0x22, 0x10]],
])('%s', async (_name, setup) => {
  expect(isAll(await levelsOf(m4aOf(PACKETS, setup)))).toBe(true);
});

test.each([
  ['AAC Main', [0x0a, 0x10]],
  ['AAC-LTP', [0x22, 0x10]],
  ['ER AAC-LC', [0x8a, 0x10]],
  ['xHE-AAC', [0xf9, 0x48, 0x40]],
  ['frames of 960 samples', [0x12, 0x14]],
  ['a rate that is none', [0x16, 0x90]],
  ['a setup that is cut off', [0x12]],
  ['no setup', []],
])('%s is not read', async (_name, setup) => {
  expect(await levelsOf(m4aOf(PACKETS, setup))).toBeNull();
});

/** Changes bytes of a file where a text stands in it. */
function changed(file: Buffer, text: string, offset: number, bytes: readonly number[]): Buffer {
  const copy = Buffer.from(file);
  copy.set(bytes, copy.indexOf(text, 0, 'latin1') + offset);
  return copy;
}

test.each([
  ['ALAC', fixture('short_alac.m4a')],
  ['what is protected', changed(PARTS, 'mp4a', 0, [...Buffer.from('enca')])],
  ['MP3 in MP4', changed(m4aOf(PACKETS), 'esds', 15, [0x6b])],
  ['nothing', Buffer.alloc(0)],
  ['a header alone', Buffer.from('\0\0\0\x08moov', 'latin1')],
])('%s is not read', async (_name, file) => {
  expect(await levelsOf(file)).toBeNull();
  expect(await levelsOf(file, addAdtsLevels)).toBeNull();
});

test('one that takes too long has none', async () => {
  let looks = 0;
  expect(await levelsOf(PARTS, addMp4AacLevels, () => (looks += 1) > 0)).toBeNull();
  expect(looks).toBe(1);
});

describe('damaged', () => {
  /** A packet that is no AAC: a coupling of channels is not read. */
  const broken = Buffer.alloc(200, 0x55);

  test('packets are silent, and the others are as they were', async () => {
    const levels = (await levelsOf(m4aOf([...PACKETS.slice(0, 20), broken, broken, ...PACKETS.slice(22)]))) ?? [];
    expect(levels.slice(0, 23)).toEqual(close(PARTS_LEVELS.slice(0, 23)));
    expect(levels[24]).toBe(0);
    expect(levels.slice(27)).toEqual(close(PARTS_LEVELS.slice(27)));
  });

  test('a packet leaves no trace in the ones after it', () => {
    const [first = broken, second = broken] = PACKETS.slice(8);
    const decoder = new AacDecoder(4);
    decoder.decode(new Bits(first));
    expect(() => decoder.decode(new Bits(broken))).toThrow(RangeError);
    expect([...decoder.decode(new Bits(second))]).toEqual([...new AacDecoder(4).decode(new Bits(second))]);
  });

  test('for the most part, it has no waveform', async () => {
    expect(await levelsOf(m4aOf(PACKETS.map((packet, n) => (n % 2 === 0 ? broken : packet))))).toBeNull();
  });

  test('cut off anywhere, it has what is there', async () => {
    const file = m4aOf(PACKETS);
    const moov = file.subarray(file.indexOf('moov', 0, 'latin1') - 4);
    // The header says that all packets are behind it, at places of which some are not in the file.
    const isCut = Buffer.concat([changed(moov, 'stco', 12, []), file.subarray(0, 3000)]);
    for (let size = 0; size < isCut.length; size += 97) await levelsOf(isCut.subarray(0, size));
    for (let size = 0; size < file.length; size += 397) expect(await levelsOf(file.subarray(0, size))).toBeNull();
    const half = (await levelsOf(adtsFile(PACKETS, 4).subarray(0, 4000), addAdtsLevels)) ?? [];
    expect(half.length).toBeGreaterThan(12);
    expect(half.slice(0, -1)).toEqual(close(PARTS_LEVELS.slice(0, half.length - 1)));
  });

  test('bytes that are flipped give levels from 0 to 1, or none, and end', async () => {
    const random = randomSource(7);
    for (const [file, add] of [
      [PARTS, addMp4AacLevels],
      [adtsFile(PACKETS, 4), addAdtsLevels],
    ] as const) {
      for (let n = 0; n < 50; n += 1) {
        const copy = Buffer.from(file);
        for (let flips = 0; flips <= n % 9; flips += 1) copy[random.below(copy.length)] = random.below(256);
        const levels = await levelsOf(copy, add);
        expect((levels ?? []).every((level) => level >= 0 && level <= 1)).toBe(true);
      }
    }
  });

  test('bytes by chance are no frame, or one that is a frame', () => {
    const random = randomSource(11);
    for (let n = 0; n < 1000; n += 1) {
      const bytes = Buffer.from(Array.from({ length: 1 + random.below(300) }, () => random.below(256)));
      try {
        expect(new AacDecoder(random.below(13)).decode(new Bits(bytes)).every(Number.isFinite)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  });

  test('elements without an end are refused', () => {
    const data = `100${'0'.repeat(13)}`.repeat(300);
    expect(() => new AacDecoder(4).decode(new Bits(bytesOfBits(data)))).toThrow('more elements');
  });
});

test('what stands beside the channels is passed over', () => {
  const [packet = Buffer.alloc(0)] = PACKETS.slice(5);
  const bits = [...packet].map((byte) => bitsOf(byte, 8)).join('');
  const program = `101${'0'.repeat(10)}${bitsOf(1, 4)}${'0'.repeat(8)}${'00'}${'000'}${'0000'}000${'00010'}`;
  const aligned = program.padEnd(Math.ceil(program.length / 8) * 8, '0') + bitsOf(2, 8) + bitsOf(0xabcd, 16);
  const data = `100${bitsOf(3, 4)}0${bitsOf(255, 8)}${bitsOf(1, 8)}${'1'.repeat(256 * 8)}`;
  const fill = `110${bitsOf(15, 4)}${bitsOf(2, 8)}${'1'.repeat(16 * 8)}`;
  const short = `110${bitsOf(1, 4)}${'1'.repeat(8)}`;
  const plain = [...new AacDecoder(4).decode(new Bits(packet))];
  expect(Math.max(...plain)).toBeGreaterThan(0.01);
  const beside = new AacDecoder(4).decode(new Bits(bytesOfBits(aligned + data + fill + short + bits)));
  expect([...beside]).toEqual(plain);
});
