/** Where the seconds of an MP3 are, by the headers of its frames. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { placesIn, type Places } from '../../../../../renderer/src/engines/audio/mp3-places.ts';

const FIXTURES = join(import.meta.dirname, '../../../../fixtures/sound');
const FILE = readFileSync(join(FIXTURES, 'vbr.mp3'));
const places = (file: Uint8Array): Promise<Places | null> =>
  placesIn({ size: file.length, read: (at, length) => Promise.resolve(file.subarray(at, at + length)) });

/** A frame of layer III, 44,100 samples a second, mono. @param rate the index of its bit rate */
function frame(rate: number): Buffer {
  const kbps = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128][rate] ?? 0;
  const bytes = Buffer.alloc(Math.floor((144_000 * kbps) / 44_100));
  bytes.writeUInt32BE(0xfffb00c0 + (rate << 12));
  return bytes;
}
/** Ten seconds or so at one rate, and as many at another. */
const twoRates = (): Buffer[] => Array.from({ length: 800 }, (_, n) => frame(n < 400 ? 1 : 9));

test('are found by counting', async () => {
  const file = Buffer.concat(twoRates());
  const part = await places(file);
  expect(part).not.toBeNull();
  const half = (400 * frame(1).length) / file.length;
  const last = (800 * 1152) / 44_100;
  expect([part?.(0), part?.(last + 5)]).toEqual([0, 1]);
  expect(part?.(last)).toBeCloseTo(1, 6);
  expect(part?.(last / 4)).toBeCloseTo(half / 2, 3);
  expect(part?.(last / 2)).toBeCloseTo(half, 3);
  expect(part?.((last * 3) / 4)).toBeCloseTo((half + 1) / 2, 3);
});

test('are those of the sound alone: a tag before it is none', async () => {
  const tag = Buffer.alloc(10 + 3000);
  tag.write('ID3', 'latin1');
  tag.set([0, 0, 3000 >> 7, 3000 & 127], 6);
  const [plain, tagged] = [await places(FILE), await places(Buffer.concat([tag, FILE]))];
  expect(plain).not.toBeNull();
  for (const second of [0, 3, 8, 12, 16]) expect(tagged?.(second)).toBeCloseTo(plain?.(second) ?? -1, 6);
});

test('are not needed at a constant rate, nor with a table', async () => {
  expect(await places(Buffer.concat(Array.from({ length: 100 }, () => frame(5))))).toBeNull();
  for (const [name, at] of [
    ['Xing', 4 + 17],
    ['VBRI', 36],
  ] as const) {
    const frames = twoRates();
    frames[0]?.write(name, at, 'latin1');
    expect(await places(Buffer.concat(frames))).toBeNull();
  }
  expect(await places(readFileSync(join(FIXTURES, 'first.mp3')))).toBeNull();
});

test('of something else there are none, and nothing is thrown', async () => {
  for (const name of ['first.m4a', 'first.ogg']) expect(await places(readFileSync(join(FIXTURES, name)))).toBeNull();
  expect(await places(Buffer.alloc(0))).toBeNull();
  for (let length = 0; length < 300; length += 7) await places(FILE.subarray(0, length));
});
