import { describe, expect, test } from 'vitest';
import { rank, ranked } from '../../../../renderer/src/features/palette/rank.ts';

describe('the palette’s ranking', () => {
  test.each([
    ['Anna Sokolova', 'anna', 4],
    ['Anna Sokolova', 'soko', 3],
    ['Anna Sokolova', 'sok an', 3],
    ['Anna Sokolova', 'kolo', 2],
    ['Anna Sokolova', 'asv', 1],
    ['Anna Sokolova', 'xyz', 0],
    ['Настройки', 'НАСТ', 4],
    ['Anything', '', 1],
  ])('%s for %s: %d', (text, query, want) => {
    expect(rank(text, query)).toBe(want);
  });

  test('best first, equal ones in their order, no more than wanted', () => {
    const found = ranked(['banana', 'Anna B', 'Anna A', 'Diana'], 'ana', (text) => text, 3);
    expect(found).toEqual(['banana', 'Diana', 'Anna B']);
  });
});
