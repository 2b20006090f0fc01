import { describe, expect, it } from 'vitest';
import { chooseAnchor, nearestHolder, survivor } from '../../../../renderer/src/ui/timeline/anchor.ts';
import { HeightIndex } from '../../../../renderer/src/ui/timeline/height-index.ts';

function rowsOf(...heights: number[]): HeightIndex {
  const rows = new HeightIndex();
  rows.splice(0, 0, heights);
  return rows;
}

describe('chooseAnchor', () => {
  const all = (): boolean => true;
  it.each([
    ['the first that begins inside', [100, 100, 100], all, 50, 250, 1],
    ['the one that begins at the very top', [100, 100, 100], all, 100, 250, 1],
    ['the covering one when none begins inside', [100, 1000, 100], all, 200, 600, 1],
    ['the next when the first inside may not hold', [100, 100, 100], (row: number) => row !== 1, 50, 250, 2],
    ['one before when none inside may hold', [100, 100, 100], (row: number) => row === 0, 100, 300, 0],
    ['none when none may hold', [100, 100], () => false, 0, 200, -1],
    ['none of an empty list', [], all, 0, 200, -1],
  ])('%s', (_name, heights, mayHold, top, bottom, row) => {
    expect(chooseAnchor(rowsOf(...heights), mayHold, top, bottom)).toBe(row);
  });
});

describe('nearestHolder', () => {
  it.each([
    [5, [2], 4, 2],
    [5, [2, 4], 3, 2],
    [5, [4], 1, 4],
    [5, [], 1, -1],
    [0, [], 0, -1],
    [5, [4], 99, 4],
  ])('of %d rows with holders %j from %d: %d', (size, holders, from, row) => {
    expect(nearestHolder(size, (index) => holders.includes(index), from)).toBe(row);
  });
});

describe('survivor', () => {
  it.each([
    ['abcde', 2, 'abcde', 'c'],
    ['abcde', 2, 'abde', 'd'],
    ['abcde', 2, 'ab', 'b'],
    ['abcde', 4, 'a', 'a'],
    ['abcde', 2, '', null],
  ])('of %s at %d with %s left', (keys, index, left, key) => {
    const found = survivor([...keys], index, (one) => left.includes(one));
    expect(found?.key ?? null).toBe(key);
    if (found) expect([...keys][found.index]).toBe(key);
  });
});
