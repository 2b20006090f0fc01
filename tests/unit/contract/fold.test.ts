import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, foldedWords, words } from '#contract/model/search-text.ts';

describe('the folded form', () => {
  it.each([
    ['Hello', 'hello'],
    ['ПРИВЕТ', 'привет'],
    ['José', 'jose'],
    ['Jose\u0301', 'jose'],
    ['ЁЛКА', 'елка'],
    ['Йод', 'йод'],
    ['И\u0306ОД', 'йод'],
    ['и\u0306од', 'йод'],
    ['Straße', 'strasse'],
    ['Ærø', 'aero'],
    ['Œuvre', 'oeuvre'],
    ['Đặng', 'dang'],
    ['ðe', 'de'],
    ['Ħal', 'hal'],
    ['Kadınlar', 'kadinlar'],
    ['Łódź', 'lodz'],
    ['Ŧest', 'test'],
    ['Þór', 'thor'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['οδός', 'οδοσ'],
    ['ＡＢＣ１', 'abc1'],
    ['ﬁ', 'fi'],
    ['שָׁלוֹם', 'שלום'],
    ['مُحَمَّد', 'محمد'],
    ['محـــمد', 'محمد'],
    ['ガ', 'ガ'],
    ['カ\u3099', 'ガ'],
    ['ภาษาไทย', 'ภาษาไทย'.normalize('NFKD')],
    ['हिन्दी', 'हिन्दी'],
    ['👍🏽', '👍'],
    ['❤️', '❤'],
    ['한국', '한국'],
    ['你好', '你好'],
  ])('of %s is %s', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it('folded again is the same', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => fold(fold(text)) === fold(text)));
  });
});

describe('words', () => {
  it.each([
    ['Hello, World!', 'hello world'],
    ['don’t', 'don t'],
    ['file_name.txt', 'file name txt'],
    ['v2.5', 'v2 5'],
    ['你好世界', '你 好 世 界'],
    ['你。好', '你 ¦ 好'],
    ['abc你好', 'abc 你 好'],
    ['你 a 好', '你 a 好'],
    ['한국어를', '한 국 어 를'],
    ['\u1112\u1161\u11ab', '한'],
    ['がぎ', 'が ぎ'],
    ['か\u3099ぎ', 'が ぎ'],
    ['👍🏽👍', '👍 👍'],
    ['👩‍🚀 up', '👩\u200d🚀 up'],
    ['🇩🇪🇫🇷', '🇩🇪 🇫🇷'],
    ['Word™ ©', 'word'],
    ['⑴ one', '1 one'],
    ['…', ''],
    ['', ''],
  ])('of %s: %s', (text, expected) => {
    expect(foldedWords(text)).toBe(expected);
  });

  it('stand where they stand in the text as given, and know a letter from a run of letters', () => {
    expect(words('Ёлка 你 x')).toEqual([
      { start: 0, length: 4, folded: 'елка', isLetter: false },
      { start: 5, length: 1, folded: '你', isLetter: true },
      { start: 7, length: 1, folded: 'x', isLetter: false },
    ]);
    expect(words('你。好')[1]).toEqual({ start: 2, length: 0, folded: '¦', isLetter: true });
  });
});
