import { describe, expect, it } from 'vitest';
import {
  areaPath,
  linePath,
  nearestPoint,
  scaleFor,
  spread,
  xOf,
  yOf,
} from '../../../../renderer/src/ui/plot-scale.ts';

const BOX = { width: 100, height: 50 };

describe('a scale', () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [100, [0, 50, 100]],
    [1243, [0, 500, 1000, 1500]],
    [4_000_000, [0, 1_000_000, 2_000_000, 3_000_000, 4_000_000]],
  ])('up to %i has round steps', (most, steps) => {
    expect(scaleFor(most)).toEqual({ steps, top: steps.at(-1) });
  });

  it('reaches over everything, whatever it is', () => {
    for (let most = 0; most < 5000; most += 7) {
      const { top, steps } = scaleFor(most);
      expect(top).toBeGreaterThanOrEqual(most);
      expect(steps.length).toBeLessThan(8);
    }
  });
});

describe('a line', () => {
  it('goes through all values from edge to edge', () => {
    expect(linePath([0, 5, 10], 10, BOX)).toBe('M0.0 50.0L50.0 25.0L100.0 0.0');
  });

  it('begins anew behind a gap', () => {
    expect(linePath([null, 5, null, 10, 0], 10, BOX)).toBe('M25.0 25.0M75.0 0.0L100.0 50.0');
  });

  it('has an area unless a value is missing', () => {
    expect(areaPath([0, 10], 10, BOX)).toBe('M0.0 50.0L100.0 0.0L100.0 50L0 50Z');
    expect(areaPath([0, null], 10, BOX)).toBe('');
    expect(areaPath([1], 10, BOX)).toBe('');
  });

  it('of one point stands in the middle, and never leaves the plot', () => {
    expect(xOf(0, 1, BOX)).toBe(50);
    expect(yOf(20, 10, BOX)).toBe(0);
  });
});

it.each([
  [-5, 0],
  [0, 0],
  [24, 0],
  [26, 1],
  [99, 2],
  [500, 2],
])('the pointer at %i means point %i', (x, point) => expect(nearestPoint(x, 3, BOX)).toBe(point));

it('spreads marks evenly, both ends included', () => {
  expect(spread(30, 4)).toEqual([0, 10, 19, 29]);
  expect(spread(3, 7)).toEqual([0, 1, 2]);
  expect(spread(2, 2)).toEqual([0, 1]);
});
