import { describe, expect, it } from 'vitest';
import { hiddenPictures, mosaicBox, type PictureSize } from '../../../../renderer/src/composables/mosaic.ts';

const of = (width: number | null, height: number | null): PictureSize => ({ width, height });

describe('mosaicBox', () => {
  it.each<[string, PictureSize[], [number, number]]>([
    ['none', [], [0, 0]],
    ['a small one at its own size', [of(300, 200)], [300, 200]],
    ['a wide one by its width', [of(2000, 1000)], [420, 210]],
    ['a tall one by its height', [of(1000, 2000)], [200, 400]],
    ['a very tall one stays wide enough', [of(100, 4000)], [176, 400]],
    ['a very flat one high enough', [of(4000, 40)], [420, 88]],
    ['a dot is no smaller than can be pressed', [of(1, 1)], [176, 88]],
    ['an unknown size', [of(null, null)], [280, 210]],
    ['a broken size', [of(0, 100)], [280, 210]],
    ['two', [of(100, 100), of(null, null)], [420, 156]],
    ['three', [of(1, 1), of(1, 1), of(1, 1)], [420, 270]],
    ['many', Array.from({ length: 9 }, () => of(5, 5)), [420, 270]],
  ])('%s', (_name, pictures, [width, height]) => {
    expect(mosaicBox(pictures)).toEqual({ width, height });
  });
});

it('counts what is behind the last of three', () => {
  expect([0, 1, 3, 4, 7].map(hiddenPictures)).toEqual([0, 0, 0, 1, 4]);
});
