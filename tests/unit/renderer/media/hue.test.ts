/** The hue of a cover. */
import { expect, test } from 'vitest';
import { chromaOf, hueOf } from '../../../../renderer/src/features/music/player/hue.ts';

const pixels = (...colors: [count: number, red: number, green: number, blue: number][]): number[] =>
  colors.flatMap(([count, ...color]) => Array.from({ length: count }, () => [...color, 255]).flat());

test.each([
  ['red', [255, 0, 0], 29],
  ['green', [0, 255, 0], 142],
  ['blue', [0, 0, 255], 264],
] as const)('%s is where OKLab has it', (_name, [red, green, blue], hue) => {
  expect(Math.abs(chromaOf(red, green, blue).hue - hue)).toBeLessThan(1);
});

test('the most colourful part wins over the largest', () => {
  const hue = hueOf(pixels([200, 200, 190, 190], [40, 0, 60, 255]));
  expect(hue).toBeGreaterThan(240);
  expect(hue).toBeLessThan(285);
});

test('grey has none', () => {
  expect(hueOf(pixels([50, 128, 128, 128], [50, 0, 0, 0], [50, 255, 255, 255]))).toBeNull();
  expect(hueOf([])).toBeNull();
});
