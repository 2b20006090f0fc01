/**
 * Rules for text that a person typed or a server sent. Pure; used by the schemas, the forms and the screens.
 */

// What has no glyph of its own: white space, controls, joiners, bidi marks, fillers, variation selectors, blank braille.
const INVISIBLE = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const BIDI_CONTROLS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/**
 * The length of a text in characters: Unicode code points, as the schemas count them. An emoji is one or a few, never
 * the accident of its encoding.
 */
export function characterCount(text: string): number {
  return [...text].length;
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
