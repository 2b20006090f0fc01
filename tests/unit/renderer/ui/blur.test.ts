import { rgbaToThumbHash } from 'thumbhash';
import { expect, it, test } from 'vitest';
import { blurPixels } from '../../../../renderer/src/ui/blur.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

test('a hash becomes a small picture of the same colours and shape', () => {
  const rgba = new Uint8Array(64 * 32 * 4);
  for (let pixel = 0; pixel < 64 * 32; pixel++)
    rgba.set(pixel % 64 < 32 ? [255, 0, 0, 255] : [0, 0, 255, 255], pixel * 4);
  const blur = blurPixels(base64(rgbaToThumbHash(64, 32, rgba)));
  expect(blur).not.toBeNull();
  if (!blur) return;
  expect([blur.width, blur.height, blur.pixels.length]).toEqual([32, expect.any(Number), blur.width * blur.height * 4]);
  expect(blur.height).toBeLessThan(20);
  const [red = 0, , blue = 0] = blur.pixels;
  expect(red).toBeGreaterThan(blue);
  const [lastRed = 0, , lastBlue = 0] = blur.pixels.slice(-4);
  expect(lastBlue).toBeGreaterThan(lastRed);
});

it.each([
  ['nothing', ''],
  ['no base64', '!!!!'],
  ['too short', base64(new Uint8Array([1, 2, 3, 4]))],
  ['too long', base64(new Uint8Array(26))],
  ['much too long', 'A'.repeat(100_000)],
  ['a broken end', 'AAAAA'],
])('%s is no picture', (_name, hash) => {
  expect(blurPixels(hash)).toBeNull();
});

test('any bytes of a possible length give a small picture or none', () => {
  for (let seed = 0; seed < 400; seed++) {
    const bytes = Uint8Array.from({ length: 5 + (seed % 21) }, (_, at) => (seed * 73 + at * 151) & 255);
    const blur = blurPixels(base64(bytes));
    if (blur) expect(blur.pixels.length).toBe(blur.width * blur.height * 4);
  }
});
