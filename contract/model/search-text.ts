/**
 * Text as every search sees it: lower case, no accents, "ё" as "е", "ß" as "ss", "ł" as "l", full width as half.
 * Indexes hold folded text and queries are folded the same way. Marks that are letters to their writers stay: the
 * voiced marks of kana, the vowel signs of Thai and Indic scripts, the breve of "й".
 */

/**
 * Marks that people omit when they type: accents, Hebrew and Arabic points and tatweel, variation selectors, skin
 * tones. Listed by block: an index outlives the Unicode tables it was built with.
 */
const MARKS =
  /[\u0300-\u036f]|[\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]|[\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u2de0-\u2dff]|[\ufe00-\ufe0f\ufe20-\ufe2f]|[\u{1f3fb}-\u{1f3ff}]|[\u{e0100}-\u{e01ef}]/gu;

/** Letters typed as others on keyboards that lack them, and that no decomposition takes apart. */
const LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŧ: 't',
  þ: 'th',
  ς: 'σ',
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');
/** ASCII, Russian, Chinese and Korean without anything of the kind: most of the text that is ever folded. */
const PLAIN = /^[\0-\x7f\u0410-\u044f\u4e00-\u9fff\uac00-\ud7a3]*$/u;

/** The folded form of a text; idempotent. Its length may differ from the original's. */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return (
    text
      .normalize('NFKD')
      // A letter in its own right, not an accent.
      .replace(/\u0438\u0306/g, 'й')
      .replace(/\u0418\u0306/g, 'Й')
      .replace(MARKS, '')
      .toLowerCase()
      .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
      .normalize('NFC')
  );
}

/** Scripts without spaces between words, and Korean, which attaches particles to words. */
const UNSPACED = `[\\p{L}&&[${['Hani', 'Hira', 'Kana', 'Bopo', 'Hang', 'Thai', 'Laoo', 'Khmr', 'Mymr', 'Yiii', 'Lana', 'Tale', 'Talu', 'Java', 'Bali'].map((script) => `\\p{scx=${script}}`).join('')}]]`;
const SPACED = `[[\\p{L}\\p{N}\\p{Co}]--${UNSPACED}]`;
/** A letter of such a script with its marks, however it is encoded: Korean syllables may come in parts. */
const SYLLABLE = `[\\u1100-\\u115f][\\u1160-\\u11a7][\\u11a8-\\u11ff]?|[\\uac00-\\ud7a3][\\u11a8-\\u11c2]?|${UNSPACED}[\\p{M}\\uff9e\\uff9f]*`;
// Except commercial signs, which end a word like a full stop.
const PICTURE = '[\\p{Extended_Pictographic}--[©®™]][\\p{M}\\u{1f3fb}-\\u{1f3ff}\\u{e0020}-\\u{e007f}]*';
const EMOJI = `\\p{RI}{2}|${PICTURE}(?:\\u200d${PICTURE})*`;
const WORD = new RegExp(`${SPACED}[${SPACED}\\p{M}]*|(${SYLLABLE})|${EMOJI}`, 'gv');

/**
 * What some characters fold to besides letters and digits, such as the brackets of "⑴". The index would split words at
 * it.
 */
const NO_WORD = /[\0-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]/gu;

/** Separates two letters of an unspaced script that are not adjacent: no word continues across it. */
const BREAK = '¦';

/** One word of a text: its position and its folded form. */
export interface Word {
  start: number;
  length: number;
  folded: string;
  /** True for a letter of an unspaced script, a word by itself: there is no more of it to type. */
  isLetter: boolean;
}

/**
 * The words of a text in order: runs of letters and digits, emoji, and each letter of unspaced scripts, so that a word
 * inside a run is found as a phrase. Positions are UTF-16 units of the text as given.
 */
export function words(text: string): Word[] {
  const found: Word[] = [];
  let last: Word | undefined;
  for (const match of text.matchAll(WORD)) {
    const folded = fold(match[0]).replace(NO_WORD, '');
    if (folded === '') continue;
    const word = { start: match.index, length: match[0].length, folded, isLetter: match[1] !== undefined };
    if (word.isLetter && last?.isLetter === true && last.start + last.length < word.start)
      found.push({ start: word.start, length: 0, folded: BREAK, isLetter: true });
    found.push(word);
    last = word;
  }
  return found;
}

/** The folded words of a text, separated by spaces: what an index holds and a scan compares. */
export function foldedWords(text: string): string {
  return words(text)
    .map((word) => word.folded)
    .join(' ');
}
