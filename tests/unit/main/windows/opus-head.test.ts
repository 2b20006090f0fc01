/** The begin of Ogg Opus as a media element gets it, with a real file of libopus; see tests/fixtures/sound. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { forMediaElement, OPUS_PAGE_BYTES, withOpusHead } from '../../../../electron/main/windows/opus-head.ts';
import { oggFile } from '../../../helpers/muxed-sound.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../../fixtures/sound', name));
const FILE = fixture('first.opus');
const PRE_SKIP = 28 + 10;

/** Header and comments of Opus with another number of samples before the sound, and a map of channels after it. */
function opusOf(preSkip: number, more: readonly number[] = []): Buffer {
  const head = Buffer.from([...FILE.subarray(28, 47), ...more]);
  head.writeUInt16LE(preSkip, 10);
  return oggFile([head, Buffer.from('OpusTags')], [Buffer.alloc(400)], 960);
}

describe('the samples that are left out', () => {
  test.each([
    ['312, as of libopus', 312, 156, []],
    ['3840, as after a cut', 3840, 1920, []],
    ['an odd number', 311, 155, []],
    ['none', 0, 0, []],
    ['those of six channels', 312, 156, [4, 2, 0, 4, 1, 2, 3, 5]],
  ])('%s: half as many are told, under a sum that is right', (_name, before, after, more) => {
    // The encoder of the test computes its sum by itself.
    expect(Buffer.from(forMediaElement(opusOf(before, more)))).toEqual(opusOf(after, more));
  });

  test('nothing else is changed, nor the bytes that were given', () => {
    const given = Buffer.from(FILE);
    const answer = Buffer.from(forMediaElement(given));
    expect(given).toEqual(FILE);
    const changed = [...answer.keys()].filter((at) => answer[at] !== FILE[at]);
    expect(changed.every((at) => (at >= 22 && at < 26) || at === PRE_SKIP || at === PRE_SKIP + 1)).toBe(true);
    expect([FILE.readUInt16LE(PRE_SKIP), answer.readUInt16LE(PRE_SKIP)]).toEqual([312, 156]);
  });
});

test.each([
  ['Ogg Vorbis', fixture('first.ogg')],
  ['MP3', fixture('first.mp3')],
  ['a page that is cut off', FILE.subarray(0, 46)],
  ['a header that is shorter than it may be', oggFile([FILE.subarray(28, 46)], [Buffer.alloc(300)], 960)],
  ['a first page of two packets', Buffer.from(FILE).fill(2, 26, 27)],
  ['no bytes', Buffer.alloc(0)],
])('%s stays as it is', (_name, bytes) => {
  expect(forMediaElement(bytes)).toBe(bytes);
});

/** Passes bytes on in pieces of one size. */
async function passed(bytes: Buffer, size: number): Promise<Buffer[]> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const all: Buffer[] = [];
  for await (const piece of withOpusHead(pieces())) all.push(Buffer.from(piece));
  return all;
}

test.each([1, 40, OPUS_PAGE_BYTES, 64 * 1024])('in pieces of %i bytes the same comes out', async (size) => {
  expect(Buffer.concat(await passed(FILE, size))).toEqual(Buffer.from(forMediaElement(FILE)));
  const short = FILE.subarray(0, 100);
  expect(Buffer.concat(await passed(short, size))).toEqual(Buffer.from(forMediaElement(short)));
});

test('what comes after the first page is passed on as it comes', async () => {
  const sizes = (await passed(FILE.subarray(0, 2100), 500)).map(({ length }) => length);
  expect(sizes).toEqual([500, 500, 500, 500, 100]);
});
