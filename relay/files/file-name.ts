/** File names as they are stored and shown. Pure: no name ever becomes part of a path on the node. */

const MAX_BYTES = 255;
/** An extension longer than this is part of the name. */
const MAX_EXTENSION_BYTES = 32;

/** Controls, line and paragraph separators, bidi formatting, and what is invisible outside of emoji and joined scripts. */
const HIDDEN =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

const sizeOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** The longest beginning of at most `max` bytes in UTF-8, without half a character. */
function firstBytes(text: string, max: number): string {
  if (sizeOf(text) <= max) return text;
  let size = 0;
  let kept = '';
  for (const character of text) {
    size += sizeOf(character);
    if (size > max) break;
    kept += character;
  }
  return kept;
}

/**
 * A name to store: the last segment of a path, NFC, nothing hidden, no blanks or dots at its end, at most 255 bytes in
 * UTF-8 with its extension kept; `file` when nothing is left.
 */
export function cleanFileName(given: string): string {
  const last = given.toWellFormed().split(/[\\/]/).at(-1) ?? '';
  const name = last
    .normalize('NFC')
    .replace(HIDDEN, '')
    .replace(/^\s+|[\s.]+$/gu, '');
  if (name === '') return 'file';
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && sizeOf(name.slice(dot)) <= MAX_EXTENSION_BYTES ? name.slice(dot) : '';
  return firstBytes(name.slice(0, name.length - extension.length), MAX_BYTES - sizeOf(extension)) + extension;
}
