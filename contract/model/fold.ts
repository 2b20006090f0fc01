/**
 * Text as the search sees it: words in lower case without accents, "ё" as "е". The index holds folded text and queries
 * are folded the same way, so that case and accents never matter, in Latin and in Cyrillic alike.
 */

/** A word: letters, digits and private-use characters with the marks that belong to them, as the index splits text. */
const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu;

/** The folded form of a text. Its length may differ from the original's. */
export function fold(text: string): string {
  // Accents go, but not the breve of "й": it is a letter of its own.
  return text
    .normalize('NFD')
    .replace(/\u0438\u0306/g, 'й')
    .replace(/\u0418\u0306/g, 'Й')
    .replace(/\p{M}/gu, '')
    .toLowerCase();
}

/** One word of a text: where it stands, and its folded form. */
export interface Word {
  start: number;
  length: number;
  folded: string;
}

/** The words of a text in their order. Positions are UTF-16 units of the text as given. */
export function words(text: string): Word[] {
  const found: Word[] = [];
  for (const match of text.matchAll(WORD)) {
    found.push({ start: match.index, length: match[0].length, folded: fold(match[0]) });
  }
  return found;
}
