import { describe, expect, test } from 'vitest';
import { afterPrefix, foldUsername, queryWords, searchTerms } from '../../../relay/folding.ts';

test.each([
  ['Anna', 'anna'],
  ['АННА', 'анна'],
  ['Фёдор', 'федор'],
  ['Йод', 'йод'],
  ['ＡＢＣ', 'abc'],
  ['STRASSE', 'strasse'],
  // Two people may be called so: a search finds both, and each keeps the name.
  ['Zoë', 'zoë'],
  ['Łódź', 'łódź'],
  ['straße', 'straße'],
  ['ınci', 'ınci'],
])('two usernames are one by %s', (text, folded) => expect(foldUsername(text)).toBe(folded));

test('both spellings of a composed letter are one', () => {
  expect(foldUsername('и\u0306од')).toBe(foldUsername('йод'));
});

test('terms are the username, its parts and the words of the name, each once', () => {
  const terms = searchTerms({ username: 'Anna.berg-1', firstName: 'Anna Maria', lastName: "O'Neil" });
  expect(terms.toSorted()).toEqual(['1', 'anna', 'anna.berg-1', 'berg', 'maria', 'neil', 'o', "o'neil"]);
});

test.each([
  ['Zoë', 'Łódzka', ['zoe', 'lodzka']],
  ['Фёдор', 'Йод', ['федор', 'йод']],
  ['Groß', 'İnci', ['gross', 'inci']],
  ['カ\u3099ク', '', ['ガク', 'ク']],
  ['小明', '王', ['小明', '王', '明']],
])('of %s %s the words are %j', (firstName, lastName, words) => {
  expect(searchTerms({ username: '', firstName, lastName })).toEqual(words);
});

describe('query words', () => {
  test.each([
    ['  Anna   BERG ', ['anna', 'berg']],
    ['@anna', ['anna']],
    ['ZOË STRASSE straße', ['zoe', 'strasse']],
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
