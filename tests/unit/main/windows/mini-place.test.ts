/** Where the small window of a call opens. */
import { expect, test } from 'vitest';
import { cornerOf, MINI_SIZE, readMiniPlace } from '../../../../electron/main/windows/mini-place.ts';

const screen = { x: 0, y: 0, width: 1280, height: 800 };
const beside = { x: 1280, y: -200, width: 1920, height: 1080 };

test.each<[what: string, stored: unknown, place: ReturnType<typeof readMiniPlace>]>([
  ['nothing is stored', {}, null],
  ['nonsense is stored', { x: 'left', y: null }, null],
  ['it is whole on a display', { x: 40.4, y: 60 }, { x: 40, y: 60 }],
  ['it is on another display', { x: 1300, y: -100 }, { x: 1300, y: -100 }],
  ['a part of it is off the display', { x: 1200, y: 790 }, null],
  ['its display is gone', { x: 5000, y: 60 }, null],
])('%s', (_what, stored, place) => {
  expect(readMiniPlace(stored, [screen, beside])).toEqual(place);
});

test('the corner is on the screen, also of a tiny one', () => {
  const { x, y } = cornerOf(screen);
  expect([x + MINI_SIZE.width <= 1280, y + MINI_SIZE.height <= 800, x > 640, y > 400]).toEqual(Array(4).fill(true));
  expect(cornerOf({ x: 5, y: 7, width: 100, height: 50 })).toEqual({ x: 5, y: 7 });
});
