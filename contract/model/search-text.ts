/**
 * Text as every search sees it: in lower case, without accents, "ё" as "е", "ß" as "ss", "Ł" as "L", full width as half.
 * The indexes hold folded text and queries are folded the same way. Marks that are letters to those who write with them
 * stay: the voiced marks of kana, the vowel signs of Thai and of India, the breve of "й".
 */

/**
 * Marks that people leave out when they type: accents, Hebrew and Arabic points and the stretched line, the choice of a
 * glyph, the tone of a skin. By their blocks: an index outlives the tables of the Unicode that it was made with.
 */
const MARKS =
  /[\u0300-\u036f]|[\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]|[\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u2de0-\u2dff]|[\ufe00-\ufe0f\ufe20-\ufe2f]|[\u{1f3fb}-\u{1f3ff}]|[\u{e0100}-\u{e01ef}]/gu;

/** Letters that are typed as others where a keyboard has none of them, and that no decomposition takes apart. */
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
/** Latin, Russian, Chinese and Korean without anything of the kind: most of what is ever folded. */
const PLAIN = /^[\0-\x7f\u0410-\u044f\u4e00-\u9fff\uac00-\ud7a3]*$/u;

/** The folded form of a text; folding it again changes nothing. Its length may differ from the original's. */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return (
    text
      .normalize('NFKD')
      // A letter of its own, and no accent.
      .replace(/\u0438\u0306/g, 'й')
      .replace(/\u0418\u0306/g, 'Й')
      .replace(MARKS, '')
      .toLowerCase()
      .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
      .normalize('NFC')
  );
}

/** Scripts that put no space between words, and Korean, which hangs its particles on them. */
const UNSPACED = `[\\p{L}&&[${['Hani', 'Hira', 'Kana', 'Bopo', 'Hang', 'Thai', 'Laoo', 'Khmr', 'Mymr', 'Yiii', 'Lana', 'Tale', 'Talu', 'Java', 'Bali'].map((script) => `\\p{scx=${script}}`).join('')}]]`;
const SPACED = `[[\\p{L}\\p{N}\\p{Co}]--${UNSPACED}]`;
/** A letter of such a script with its marks, however it is spelled: syllables of Korean may come in parts. */
const SYLLABLE = `[\\u1100-\\u115f][\\u1160-\\u11a7][\\u11a8-\\u11ff]?|[\\uac00-\\ud7a3][\\u11a8-\\u11c2]?|${UNSPACED}[\\p{M}\\uff9e\\uff9f]*`;
// Without those that are signs of business, and stand at the end of a word as a full stop does.
const PICTURE = '[\\p{Extended_Pictographic}--[©®™]][\\p{M}\\u{1f3fb}-\\u{1f3ff}\\u{e0020}-\\u{e007f}]*';
const EMOJI = `\\p{RI}{2}|${PICTURE}(?:\\u200d${PICTURE})*`;
const WORD = new RegExp(`${SPACED}[${SPACED}\\p{M}]*|(${SYLLABLE})|${EMOJI}`, 'gv');

/** What some characters fold to beside letters and digits, as the brackets of "⑴". The index would part words by it. */
const NO_WORD = /[\0-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]/gu;

/** Stands between two letters of an unspaced script that are no neighbours: no word goes on from one to the other. */
const BREAK = '¦';

/** One word of a text: where it stands, and its folded form. */
export interface Word {
  start: number;
  length: number;
  folded: string;
  /** A letter of a script without spaces is a word for itself: more of it cannot be typed. */
  isLetter: boolean;
}

/**
 * The words of a text in their order: runs of letters and digits, emoji, and each letter of scripts that put no space
 * between words, so that a word is found as a phrase inside of a run. Positions are UTF-16 units of the text as given.
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

/** The folded words of a text with a space between them: what an index holds, and what a scan compares. */
export function foldedWords(text: string): string {
  return words(text)
    .map((word) => word.folded)
    .join(' ');
}
