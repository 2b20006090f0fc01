import { describe, expect, test } from 'vitest';
import { afterPrefix, fold, queryWords, searchTerms } from '../../../relay/services/folding.ts';

test.each([
  ['Anna', 'anna'],
  ['АННА', 'анна'],
  ['Фёдор', 'федор'],
  ['Йод', 'йод'],
  ['ＡＢＣ', 'abc'],
  ['STRASSE', 'strasse'],
])('fold %s', (text, folded) => expect(fold(text)).toBe(folded));

test('both spellings of a composed letter are one', () => {
  expect(fold('и\u0306од')).toBe(fold('йод'));
});

test('terms are the username, its parts and the words of the name, each once', () => {
  const terms = searchTerms({ username: 'Anna.berg-1', firstName: 'Anna Maria', lastName: "O'Neil" });
  expect(terms.toSorted()).toEqual(['1', 'anna', 'anna.berg-1', 'berg', 'maria', 'neil', 'o', "o'neil"]);
});

describe('query words', () => {
  test.each([
    ['  Anna   BERG ', ['anna', 'berg']],
    ['@anna', ['anna']],
    [' @ ', []],
    ['   ', []],
    ['a a A', ['a']],
    ['1 2 3 4 5 6 7 8 9 10', ['1', '2', '3', '4', '5', '6', '7', '8']],
    ["' OR 1=1 --", ["'", 'or', '1=1', '--']],
  ])('%j', (query, words) => expect(queryWords(query)).toEqual(words));
});

test('afterPrefix is past every text with the prefix', () => {
  for (const text of ['ann', 'anna', 'ann\u{10FFFD}', 'annя']) expect(text < afterPrefix('ann')).toBe(true);
  expect('ano' < afterPrefix('ann')).toBe(false);
});
