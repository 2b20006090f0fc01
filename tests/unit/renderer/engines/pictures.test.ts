import { expect, it } from 'vitest';
import { reducedSize } from '../../../../renderer/src/engines/pictures.ts';

it.each([
  ['a wide one', [4000, 3000], [2048, 1536]],
  ['a tall one', [3000, 4000], [1536, 2048]],
  ['a small one stays', [640, 480], [640, 480]],
  ['a line stays a line', [100_000, 10], [2048, 1]],
  ['nothing', [0, 0], [1, 1]],
])('%s', (_name, [width = 0, height = 0], [toWidth, toHeight]) => {
  expect(reducedSize({ width, height }, 2048)).toEqual({ width: toWidth, height: toHeight });
});
