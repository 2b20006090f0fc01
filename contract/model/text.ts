/** Rules for text that a person typed or a server sent. Pure; used by the schemas, the forms and the screens. */

// Characters without a glyph: white space, controls, joiners, bidi marks, fillers, variation selectors, blank braille.
const INVISIBLE = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** The most characters that one code unit becomes under NFC. */
export const LONGEST_COMPOSED = 3;
const BIDI_CONTROLS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/**
 * The length of a text in characters: Unicode code points after NFC, as the schemas count them. An emoji is one or a
 * few, an é is one however it is encoded.
 */
export function characterCount(text: string): number {
  const composed = text.normalize('NFC');
  let count = composed.length;
  // Counted and not spread: a character beyond the first 65,536 is two code units.
  for (let at = 0; at < composed.length; at += 1) {
    if ((composed.codePointAt(at) ?? 0) <= 0xffff) continue;
    count -= 1;
    at += 1;
  }
  return count;
}

/** The longest prefix of at most `max` characters; no character is cut in two. */
export function firstCharacters(text: string, max: number): string {
  if (text.length * LONGEST_COMPOSED <= max || characterCount(text) <= max) return text;
  return [...text.normalize('NFC')].slice(0, max).join('');
}

/** True when at least one character of the text is visible. */
export function hasVisibleText(text: string): boolean {
  return text.replace(INVISIBLE, '').length > 0;
}

/** True when the text can be stored and sent as UTF-8 unchanged: no lone surrogate, no NUL. */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** The text without characters that reorder adjacent text: for names and file names. */
export function stripBidiControls(text: string): string {
  return text.replace(BIDI_CONTROLS, '');
}
