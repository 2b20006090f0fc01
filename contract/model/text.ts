/**
 * Rules for text that a person typed or a server sent. Pure; used by the schemas, the forms and the screens.
 */

// What has no glyph of its own: white space, controls, joiners, bidi marks, fillers, variation selectors, blank braille.
const INVISIBLE = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** Composed, a code unit becomes at most so many characters. */
export const LONGEST_COMPOSED = 3;
const BIDI_CONTROLS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/**
 * The length of a text in characters: Unicode code points after NFC, as the schemas count them. An emoji is one or a few,
 * an é one, whichever way a keyboard or a system spells it.
 */
export function characterCount(text: string): number {
  return [...text.normalize('NFC')].length;
}

/** The longest beginning of a text with at most so many characters; no character is cut in two. */
export function firstCharacters(text: string, max: number): string {
  if (text.length * LONGEST_COMPOSED <= max || characterCount(text) <= max) return text;
  return [...text.normalize('NFC')].slice(0, max).join('');
}

/** True when at least one character of the text leaves a mark on the screen. */
export function hasVisibleText(text: string): boolean {
  return text.replace(INVISIBLE, '').length > 0;
}

/** True when the text can be stored and sent as UTF-8 unchanged: no lone surrogate, no NUL. */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** The text without characters that reorder what stands beside it: for names and file names. */
export function stripBidiControls(text: string): string {
  return text.replace(BIDI_CONTROLS, '');
}
