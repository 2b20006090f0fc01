/** The length of real files by their headers; see tests/fixtures/sound. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { forMediaElement } from '../../../../../electron/main/windows/opus-head.ts';
import { lengthIn } from '../../../../../renderer/src/engines/audio/lengths/lengths.ts';
import { itunesM4a } from '../../../../helpers/muxed-sound.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../../../fixtures/sound', name));

const lengthOf = (file: Uint8Array, played: number): Promise<number | null> =>
  lengthIn(
    { size: file.length, read: (at, length) => Promise.resolve(Uint8Array.from(file.subarray(at, at + length))) },
    played,
  );

test('of Opus, the samples before the sound do not count', async () => {
  expect(await lengthOf(forMediaElement(fixture('first.opus')), 1.2065)).toBeCloseTo(1.2, 9);
});

test('of MP3, what the encoder has added does not count, also behind a tag', async () => {
  expect(await lengthOf(fixture('first.mp3'), 1.2)).toBeCloseTo(1.2, 9);
  const tag = Buffer.from([...Buffer.from('ID3'), 3, 0, 0, 0, 0, 2, 0, ...Buffer.alloc(256)]);
  expect(await lengthOf(Buffer.concat([tag, fixture('first.mp3')]), 1.2)).toBeCloseTo(1.2, 9);
});

test.each([
  ['counts no frames', (file: Buffer) => file.fill(0, 21 + 7, 21 + 8)],
  ['is of an encoder that nobody knows', (file: Buffer) => file.fill('?', 141, 145)],
  ['has added more than there is', (file: Buffer) => file.fill(0, 21 + 8, 21 + 12)],
])('an MP3 whose header %s says nothing', async (_name, change) => {
  expect(await lengthOf(change(fixture('first.mp3')), 1.2)).toBeNull();
});

test.each([
  ['counts its samples', [1024, 0, 52_920], 1.2],
  ['is of another sound', [1024, 0, 90_000], null],
  ['counts none', [1024, 52_920, 0], null],
] as const)('of M4A without an edit list, where the comment by iTunes %s', async (_name, counts, seconds) => {
  expect(await lengthOf(itunesM4a(fixture('first.m4a'), counts), 1.2232)).toBe(seconds);
});

test('of M4A with an edit list the comment does not count, which both have', async () => {
  const file = itunesM4a(fixture('first.m4a'), [1024, 0, 52_920]);
  file.write('edts', fixture('first.m4a').indexOf('edts', 0, 'latin1'), 'latin1');
  expect(await lengthOf(file, 1.2232)).toBeNull();
});

test.each(['first.ogg', 'first.m4a', 'stairs.m4a', 'vbr.mp3'])('%s says nothing', async (name) => {
  expect(await lengthOf(fixture(name), 1.2)).toBeNull();
});

test.each(['first.opus', 'first.mp3'])('%s says nothing where its header is cut off', async (name) => {
  for (const size of [0, 10, 40, 46]) expect(await lengthOf(fixture(name).subarray(0, size), 1.2)).toBeNull();
});
