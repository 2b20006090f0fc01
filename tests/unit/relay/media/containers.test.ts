/** Durations and sizes of MP4 and WebM, of files as programs write them and of recordings as browsers do. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bytesOf, type Bytes } from '../../../../relay/media/formats/bytes.ts';
import { mp4Timing } from '../../../../relay/media/formats/mp4.ts';
import { webmTiming } from '../../../../relay/media/formats/webm.ts';
import { itunesM4a } from '../../../helpers/muxed-sound.ts';
import { box, element, FTYP, moof, moov, webm } from '../../../helpers/container-samples.ts';

function inMemory(buffer: Buffer): Bytes {
  const file = {
    read(target: Buffer, offset: number, length: number, position: number) {
      return Promise.resolve({ bytesRead: buffer.copy(target, offset, position, position + length) });
    },
  };
  return bytesOf(file, buffer.length);
}

const sound = { id: 1, timescale: 48_000, duration: 0 };
const picture = { id: 2, timescale: 1000, duration: 4000, width: 320, height: 240 };
const mdat = box('mdat', Buffer.alloc(200_000));

test.each([
  ['with its header first', Buffer.concat([FTYP, moov([picture], { seconds: 4 }), mdat]), [4, 320, 240]],
  ['with its header last', Buffer.concat([FTYP, mdat, moov([picture], { seconds: 4 })]), [4, 320, 240]],
  ['that is turned', Buffer.concat([FTYP, moov([{ ...picture, turned: true }], { seconds: 4 })]), [4, 240, 320]],
  ['whose track is longer than it says', Buffer.concat([FTYP, moov([picture], { seconds: 1 })]), [4, 320, 240]],
  ['of sound', Buffer.concat([FTYP, moov([{ ...sound, duration: 96_000 }])]), [2, null, null]],
  [
    'in fragments that name their place',
    Buffer.concat([
      FTYP,
      moov([sound], { each: 960 }),
      moof(1, 0, [2880, 2880]),
      mdat,
      moof(1, 5760, [2880, 960, 960]),
    ]),
    [(5760 + 4800) / 48_000, null, null],
  ],
  [
    'in fragments with the default duration',
    Buffer.concat([FTYP, moov([sound], { each: 960 }), moof(1, 0, 50), moof(1, 48_000, 25)]),
    [1.5, null, null],
  ],
  [
    'in fragments, the longest track counts and the header of a moment does not',
    Buffer.concat([
      FTYP,
      moov(
        [
          { ...sound, duration: 300 },
          { ...picture, duration: 1 },
        ],
        { seconds: 1000, each: 1 },
      ),
      moof(1, 0, [48_000]),
      moof(2, 0, [2500]),
    ]),
    [2.5, 320, 240],
  ],
])('an MP4 %s', async (_name, file, [duration, width, height]) => {
  expect(await mp4Timing(inMemory(file))).toEqual({ duration, width, height });
});

const blocks = [0, 20, 40];
const clusters = [
  { at: 0, blocks },
  { at: 3000, blocks },
  { at: 2000, blocks: [-10] },
];

test.each([
  ['with a duration', webm({ duration: 2500, size: { width: 640, height: 360 }, clusters }), [2.5, 640, 360]],
  ['recorded, without one', webm({ clusters }), [3.04, null, null]],
  ['recorded live, of unknown sizes', webm({ clusters, live: true, size: { width: 2, height: 300 } }), [3.04, 2, 300]],
])('a WebM %s', async (_name, file, [duration, width, height]) => {
  expect(await webmTiming(inMemory(file))).toEqual({ duration, width, height });
});

const nothing = { duration: null, width: null, height: null };

test.each([
  ['nothing', Buffer.alloc(0), nothing],
  ['zeros', Buffer.alloc(5000), nothing],
  ['ones', Buffer.alloc(5000, 255), nothing],
  ['a box longer than the file', Buffer.concat([FTYP, Buffer.from('7fffffff6d6f6f76', 'hex')]), nothing],
  ['a box of no length', Buffer.concat([FTYP, Buffer.from('000000016d6f6f760000000000000000', 'hex')]), nothing],
  [
    'a box that is shorter than its header',
    Buffer.concat([FTYP, box('moov', Buffer.from('00000004', 'hex'))]),
    nothing,
  ],
  ['a header cut off', Buffer.concat([FTYP, moov([picture], { seconds: 4 }).subarray(0, 100)]), nothing],
  ['a cluster of unknown size at the end', element(0x1f43b675, 'unknown'), nothing],
  ['an element of unknown size that is not a parent', element(0xe7, 'unknown'), nothing],
])('%s ends the reading of either kind', async (_name, file, expected) => {
  expect(await mp4Timing(inMemory(file))).toEqual(expected);
  expect(await webmTiming(inMemory(file))).toEqual(expected);
});

test('cut anywhere, no reader fails or runs for ever', async () => {
  const video = Buffer.concat([FTYP, moov([sound, picture], { each: 960 }), moof(1, 0, [960, 960]), moof(2, 0, 9)]);
  const recording = webm({ clusters, live: true, size: { width: 640, height: 360 } });
  for (let length = 0; length < video.length; length += 1) await mp4Timing(inMemory(video.subarray(0, length)));
  for (let length = 0; length < recording.length; length += 1)
    await webmTiming(inMemory(recording.subarray(0, length)));
  let seed = 7;
  for (let round = 0; round < 2000; round += 1) {
    const file = Buffer.from(round % 2 === 0 ? video : recording);
    for (let n = 0; n < 4; n += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      file[seed % file.length] = seed >> 8;
    }
    const { duration } = await (round % 2 === 0 ? mp4Timing : webmTiming)(inMemory(file));
    expect(duration === null || duration > 0).toBe(true);
  }
});

test('the length of an M4A is what is played of it, without the samples that its encoder added', async () => {
  const file = await readFile(join(import.meta.dirname, '../../../fixtures/sound/first.m4a'));
  expect(await mp4Timing(inMemory(file))).toMatchObject({ duration: 1.2 });
});

describe('what the sound of an M4A is coded in', () => {
  const sounds = join(import.meta.dirname, '../../../fixtures/sound');
  /** The bytes of the first sample entry's name are the only ones of its kind in the header. */
  const named = async (name: string): Promise<Buffer> => {
    const file = Buffer.from(await readFile(join(sounds, 'short_alac.m4a')));
    file.write(name, file.indexOf('alac'), 'latin1');
    return file;
  };

  test('is not told of AAC, and is of ALAC', async () => {
    expect((await mp4Timing(inMemory(await readFile(join(sounds, 'first.m4a'))))).codec).toBeUndefined();
    expect(await mp4Timing(inMemory(await readFile(join(sounds, 'short_alac.m4a'))))).toMatchObject({
      ...{ codec: 'alac', duration: 0.3 },
    });
  });

  test.each([
    ['ac-3', 'ac-3'],
    ['drms', 'drms'],
    ['QDM ', 'QDM'],
    ['a"b;', undefined],
    ['\0\0\0\0', undefined],
  ])('%j', async (name, expected) => {
    expect((await mp4Timing(inMemory(await named(name)))).codec).toBe(expected);
  });

  test('is not told of a picture', async () => {
    expect((await mp4Timing(inMemory(Buffer.concat([FTYP, moov([picture], { seconds: 4 })])))).codec).toBeUndefined();
  });
});

test.each([
  ['counts its samples', [1024, 0, 52_920], 1.2],
  ['counts those after it too', [1024, 904, 52_016], 52_016 / 44_100],
  ['is of another sound', [1024, 0, 90_000], 53_944 / 44_100],
  ['counts none', [1024, 52_920, 0], 53_944 / 44_100],
] as const)('an M4A without an edit list, whose comment by iTunes %s', async (_name, counts, duration) => {
  const file = itunesM4a(await readFile(join(import.meta.dirname, '../../../fixtures/sound/first.m4a')), counts);
  const found = (await mp4Timing(inMemory(file))).duration;
  expect(Math.abs((found ?? 0) - duration)).toBeLessThan(0.001);
  // Cut off in the comment, it is what the track says.
  const cut = Buffer.from(file);
  cut.fill(0x20, cut.indexOf('iTunSMPB') + 60);
  expect(Math.abs(((await mp4Timing(inMemory(cut))).duration ?? 0) - 53_944 / 44_100)).toBeLessThan(0.001);
});
