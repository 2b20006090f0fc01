/** Where samples are in MP4, by tables that say it in all their ways. */
import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../../../relay/media/formats/bytes.ts';
import { mp4AacStream } from '../../../../relay/media/formats/mp4-aac.ts';
import { defaultSize, fragmentSamples, tabledSamples } from '../../../../relay/media/formats/mp4-samples.ts';
import { box, FTYP } from '../../../helpers/container-samples.ts';
import { aacEntry } from '../../../helpers/muxed-sound.ts';

const u32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, n) => bytes.writeUInt32BE(value >>> 0, n * 4));
  return bytes;
};

/** The places and sizes of samples, by the boxes of `stbl`. */
function tabled(...boxes: Buffer[]): [at: number, size: number][] {
  const table = Buffer.concat(boxes);
  return [...tabledSamples(table, { type: 'stbl', start: 0, end: table.length })].map(({ at, size }) => [at, size]);
}

const sizes = (...all: number[]): Buffer => box('stsz', u32(0, 0, all.length, ...all));
const runs = (...all: [first: number, count: number][]): Buffer =>
  box('stsc', u32(0, all.length, ...all.flatMap(([first, count]) => [first, count, 1])));
const places = (...all: number[]): Buffer => box('stco', u32(0, all.length, ...all));

describe('by the tables of the header', () => {
  test('samples of a chunk follow each other, and runs go on up to the next one', () => {
    expect(tabled(sizes(5, 6, 7, 8, 9, 4), runs([1, 2], [3, 1]), places(100, 200, 300, 400))).toEqual([
      ...[
        [100, 5],
        [105, 6],
      ],
      ...[
        [200, 7],
        [207, 8],
      ],
      ...[
        [300, 9],
        [400, 4],
      ],
    ]);
  });
  test('all of one size', () => {
    expect(tabled(box('stsz', u32(0, 4, 3)), runs([1, 3]), places(50))).toEqual([
      [50, 4],
      [54, 4],
      [58, 4],
    ]);
  });
  test('places past four gigabytes', () => {
    expect(tabled(sizes(1, 2), runs([1, 1]), box('co64', u32(0, 2, 0, 70, 2, 80)))).toEqual([
      [70, 1],
      [2 ** 33 + 80, 2],
    ]);
  });
  test.each([
    ['without sizes', [runs([1, 1]), places(1)]],
    ['without runs', [sizes(1), places(1)]],
    ['without places', [sizes(1), runs([1, 1])]],
    ['with sizes that are cut off', [box('stsz', u32(0, 0)), runs([1, 1]), places(1)]],
  ])('%s: none', (_name, boxes) => expect(tabled(...boxes)).toEqual([]));
  test('tables that say more rows than they have end with those', () => {
    const short = [box('stsz', u32(0, 0, 0xffffffff, 3, 4)), box('stsc', u32(0, 0xffffffff, 1, 9, 1))];
    expect(tabled(...short, box('stco', u32(0, 0xffffffff, 10)))).toEqual([
      [10, 3],
      [13, 4],
    ]);
  });
});

describe('by the tables of a fragment', () => {
  const fragment = (header: Buffer, ...trun: Buffer[]): number[][] => {
    const buffer = box('traf', box('tfhd', header), ...trun.map((run) => box('trun', run)));
    return [...fragmentSamples(buffer, 1000, 1, 11)].map(({ at, size }) => [at, size]);
  };
  test('sizes of their own, from where the fragment begins', () => {
    const run = u32(0x301, 2, 50, 1024, 7, 1024, 8);
    expect(fragment(u32(0x20000, 1), run)).toEqual([
      [1050, 7],
      [1057, 8],
    ]);
  });
  test('a second run goes on where the first one ended', () => {
    expect(fragment(u32(0x20000, 1), u32(0x205, 1, 50, 0, 7), u32(0x200, 1, 9))).toEqual([
      [1050, 7],
      [1057, 9],
    ]);
  });
  test('a size for all of them, of the fragment or of the header', () => {
    expect(fragment(u32(0x20038, 1, 1024, 6, 0), u32(1, 2, 50))).toEqual([
      [1050, 6],
      [1056, 6],
    ]);
    expect(fragment(u32(0x20000, 1), u32(1, 2, 50))).toEqual([
      [1050, 11],
      [1061, 11],
    ]);
  });
  test('a place that is stated', () => {
    expect(fragment(u32(0x3, 1, 1, 5, 1), u32(0x201, 1, 20, 7))).toEqual([[2 ** 32 + 25, 7]]);
  });
  test('of another track, or cut off: none', () => {
    expect(fragment(u32(0x20000, 2), u32(0x201, 1, 50, 7))).toEqual([]);
    expect(fragment(u32(0x20000), u32(0x201, 1, 50, 7))).toEqual([]);
    expect(fragment(u32(0x20001, 1), u32(0x201, 1, 50, 7))).toEqual([]);
    expect(fragment(u32(0x20000, 1), u32(0x205, 0xffffffff))).toEqual([]);
  });
});

test('a fragmented file has the packets of all its fragments', async () => {
  const packets = [3, 4, 5, 6].map((size) => Buffer.alloc(size, size));
  const track = [
    box('tkhd', u32(0, 0, 0, 1), Buffer.alloc(68)),
    box(
      'mdia',
      box('minf', box('stbl', box('stsd', u32(0, 1), aacEntry(44_100, [0x12, 0x10])), sizes(), runs(), places())),
    ),
  ];
  const trex = box('trex', u32(0, 1, 1, 1024, 17, 0));
  const moov = box('moov', box('trak', ...track), box('mvex', trex));
  const whole = { type: 'moov', start: 8, end: moov.length };
  expect([defaultSize(moov, whole, 1), defaultSize(moov, whole, 2)]).toEqual([17, 0]);
  const parts = [packets.slice(0, 2), packets.slice(2)].map((some) => {
    const moof = (at: number): Buffer =>
      box(
        'moof',
        box('traf', box('tfhd', u32(0x20000, 1)), box('trun', u32(0x201, 2, at, ...some.map((one) => one.length)))),
      );
    return Buffer.concat([moof(moof(0).length + 8), box('mdat', ...some)]);
  });
  const file = Buffer.concat([FTYP, moov, ...parts]);
  const reader = {
    read: async (to: Buffer, offset: number, length: number, at: number) => ({
      bytesRead: file.copy(to, offset, at, at + length),
    }),
  };
  const found: Buffer[] = [];
  for await (const { bytes } of (await mp4AacStream(bytesOf(reader, file.length)))?.packets ?? [])
    found.push(Buffer.from(bytes));
  expect(found).toEqual(packets);
});
