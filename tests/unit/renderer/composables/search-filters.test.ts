import { expect, test } from 'vitest';
import { plainWords } from '../../../../renderer/src/composables/search-filters.ts';

test.each([
  ['anna from:ben report', 'anna report'],
  ['from:"ben carter" report', 'report'],
  ['has:file', ''],
  ['FROM:me  x', 'x'],
  ['http://in:here', 'http://in:here'],
])('plain words of %s', (query, want) => {
  expect(plainWords(query)).toBe(want);
});
