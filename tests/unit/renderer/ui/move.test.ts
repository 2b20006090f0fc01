import { describe, expect, it, test } from 'vitest';
import { moved, nearestBox } from '../../../../renderer/src/ui/move.ts';

describe('moved', () => {
  const items = ['a', 'b', 'c', 'd'];
  it.each<[string, number, number, string]>([
    ['to the front', 2, 0, 'cabd'],
    ['to the end', 0, 3, 'bcda'],
    ['one further', 1, 2, 'acbd'],
    ['to where it is', 1, 1, 'abcd'],
    ['before the first', 0, -1, 'abcd'],
    ['behind the last', 3, 4, 'abcd'],
    ['nothing', 9, 0, 'abcd'],
  ])('%s', (_name, from, to, expected) => {
    expect(moved(items, from, to).join('')).toBe(expected);
  });
  it('is the same list when nothing moves', () => {
    expect(moved(items, 1, 1)).toBe(items);
  });
});

test('the box nearest to a point', () => {
  const boxes = [0, 100, 200].map((left) => ({ left, top: 0, width: 90, height: 40 }));
  expect(nearestBox(boxes, -500, 0)).toBe(0);
  expect(nearestBox(boxes, 140, 500)).toBe(1);
  expect(nearestBox(boxes, 230, 10)).toBe(2);
  expect(nearestBox([], 0, 0)).toBe(-1);
});
