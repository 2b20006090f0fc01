import { describe, expect, it } from 'vitest';
import { forbiddenInName, forbiddenInUsername, nameProblem, usernameProblem } from '#contract/model/names.ts';

describe('a username', () => {
  it.each([
    ['Latin', 'ada.l-7_'],
    ['Cyrillic', 'жанна'],
    ['Greek', 'γιώργος'],
    ['Arabic', 'محمد'],
    ['Hebrew', 'דוד'],
    ['Devanagari', 'हिन्दी'],
    ['Bengali', 'বাংলা'],
    ['Thai', 'สมชาย'],
    ['Japanese, in three scripts', '東京タワーの'],
    ['Korean, in two', '金서연'],
    ['Chinese with its notes', '注ㄅㄆ'],
    ['Armenian', 'արամ'],
    ['Georgian', 'ნინო'],
    ['Ethiopic', 'አበበ'],
    ['Gujarati', 'ગુજરાત'],
    ['Gurmukhi', 'ਪੰਜਾਬ'],
    ['Kannada', 'ಕನ್ನಡ'],
    ['Khmer', 'ខ្មែរ'],
    ['Lao', 'ລາວ'],
    ['Malayalam', 'മലയാളം'],
    ['Mongolian', 'ᠮᠣᠩᠭᠣᠯ'],
    ['Myanmar', 'မြန်မာ'],
    ['Oriya', 'ଓଡ଼ିଆ'.normalize('NFC').replaceAll('\u0B5C', 'ଡ')],
    ['Sinhala', 'සිංහල'],
    ['Syriac', 'ܣܘܪܝܐ'],
    ['Tamil', 'தமிழ்'],
    ['Telugu', 'తెలుగు'],
    ['Thaana', 'ދިވެހި'],
    ['Tibetan', 'བོད་'.replace('་', '')],
  ])('may be written in %s: %s', (_script, name) => {
    expect(usernameProblem(name)).toBeNull();
  });

  it.each([
    ['two scripts', 'annaжанна', 'mixed_scripts'],
    ['scripts of two writings that each have several', 'タワー서연', 'mixed_scripts'],
    ['letters that are drawn like Latin ones', 'сосо', 'lookalike'],
    ['the same in capitals', 'СОСО', 'lookalike'],
    ['half of a character', 'ab\ud800', 'bad_characters'],
    ['nothing at all, which is a matter of length', '', null],
    ['nine marks on a letter', `a${'\u0316'.repeat(9)}`, 'bad_characters'],
    ['a mark in front', '\u0301abc', 'bad_characters'],
    ['a space', 'a b', 'bad_characters'],
    ['a letter that compares equal to two others', 'ﬁnn', 'bad_characters'],
  ] as const)('of %s', (_what, name, problem) => {
    expect(usernameProblem(name)).toBe(problem);
  });

  it('names what it may not hold, each once', () => {
    expect(forbiddenInUsername('a b!c!')).toEqual([' ', '!']);
    expect(forbiddenInUsername('ada')).toEqual([]);
    // Spelled as two, an é is one letter.
    expect(forbiddenInUsername('e\u0301')).toEqual([]);
  });
});

describe('a person’s name', () => {
  it('names what it may not hold, each once; emoji and joiners inside of words are nothing of the kind', () => {
    expect(forbiddenInName('A\u202eB\u202e\n')).toEqual(['\u202e', '\n']);
    expect(forbiddenInName('👩\u200D🔬 می\u200Cخواهم 1\uFE0F\u20E3')).toEqual([]);
    expect(forbiddenInName('a\u200D b')).toEqual(['\u200D']);
    expect(forbiddenInName('\u200Da')).toEqual(['\u200D']);
  });

  it.each([
    ['half of a character', 'A\ud800', 'bad_characters'],
    ['a NUL', 'A\0', 'bad_characters'],
    ['what draws nothing', ' \u200b ', 'invisible'],
    ['nine marks on a letter', `A${'\u0316'.repeat(9)}`, 'bad_characters'],
    ['eight of them', `A${'\u0316'.repeat(8)}`, null],
  ] as const)('of %s', (_what, name, problem) => {
    expect(nameProblem(name)).toBe(problem);
  });
});
