import { describe, expect, it, test } from 'vitest';
import {
  cropKey,
  inside,
  leastEdge,
  moveCrop,
  resizeCrop,
  wholeCrop,
  type Crop,
} from '../../../../renderer/src/features/profile/crop.ts';

const WIDE = { width: 800, height: 400 };
const TINY = { width: 30, height: 20 };
const of = (x: number, y: number, edge: number): Crop => ({ x, y, edge });

describe('a square of a picture', () => {
  it.each<[string, Crop, Crop]>([
    ['the largest in the middle', wholeCrop(WIDE), of(200, 0, 400)],
    ['of a tiny picture', wholeCrop(TINY), of(5, 0, 20)],
    ['outside it is drawn back', inside(of(-50, 900, 100), WIDE), of(0, 300, 100)],
    ['too large', inside(of(0, 0, 9000), WIDE), of(0, 0, 400)],
    ['too small', inside(of(10, 10, 1), WIDE), of(10, 10, 64)],
    ['moved', moveCrop(of(100, 100, 200), 30, -40, WIDE), of(130, 60, 200)],
    ['moved to the edge', moveCrop(of(100, 100, 200), 9000, 9000, WIDE), of(600, 200, 200)],
    ['smaller around its middle', resizeCrop(of(100, 100, 200), 100, WIDE), of(150, 150, 100)],
    ['larger at the edge', resizeCrop(of(0, 0, 200), 300, WIDE), of(0, 0, 300)],
    ['larger than possible', resizeCrop(of(300, 100, 200), 9000, WIDE), of(200, 0, 400)],
  ])('%s', (_name, crop, expected) => {
    expect(crop).toEqual(expected);
  });
});

test('the least edge is never more than the picture has', () => {
  expect(leastEdge(WIDE)).toBe(64);
  expect(leastEdge(TINY)).toBe(20);
});

describe('cropKey', () => {
  const press = (key: string, more: object = {}) => ({
    key,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...more,
  });
  const crop = of(300, 100, 200);
  it.each<[string, object, Crop | null]>([
    ['ArrowLeft', {}, of(290, 100, 200)],
    ['ArrowRight', {}, of(310, 100, 200)],
    ['ArrowUp', {}, of(300, 90, 200)],
    ['ArrowDown', { shiftKey: true }, of(300, 140, 200)],
    ['-', {}, of(290, 90, 220)],
    ['x', {}, null],
    ['ArrowLeft', { ctrlKey: true }, null],
    ['ArrowLeft', { metaKey: true }, null],
    ['ArrowLeft', { altKey: true }, null],
  ])('%s %o', (key, more, expected) => {
    const next = cropKey(press(key, more), crop, WIDE);
    if (expected === null || next === null) expect(next).toBe(expected);
    else {
      expect(next.edge).toBeCloseTo(expected.edge, 6);
      expect([next.x, next.y]).toEqual([expect.closeTo(expected.x, 6), expect.closeTo(expected.y, 6)]);
    }
  });
  test('plus makes the square smaller: the face larger', () => {
    expect(cropKey(press('+', { shiftKey: true }), crop, WIDE)?.edge).toBeCloseTo(200 / 1.1, 6);
  });
});
