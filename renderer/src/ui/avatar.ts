/** Avatars of people without a picture: initials on a hue that never changes. Pure. */
import { ONE_EMOJI } from '#contract/model/message-text/emoji-form.ts';

const TONES = 8;
const utf8 = new TextEncoder();

/**
 * 1 to 8, the same for an id on every device: the number of a `tone-n` class. Derived from the id, not the name, so
 * that renaming keeps the colour.
 */
export function toneOf(id: string): number {
  // 32-bit FNV-1a: short ids that differ in a single character get very different hashes.
  let hash = 0x811c9dc5;
  for (const byte of utf8.encode(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return (hash % TONES) + 1;
}

/** The tone class of an id. */
export function toneClass(id: string): string {
  return `tone-${String(toneOf(id))}`;
}

/** The first letter or digit of a word with its combining marks; emojis, brackets and dots are skipped. */
function initialOf(word: string): string {
  return /[\p{L}\p{N}]\p{M}*/u.exec(word)?.[0] ?? '';
}

const PICTURE = new RegExp(ONE_EMOJI, 'u');

/**
 * One or two initials, of the first and the last word with a letter or a digit; if there are none, the first emoji of
 * the name; otherwise empty.
 */
export function initialsOf(name: string): string {
  const initials = name
    .normalize('NFC')
    .split(/[\s_.-]+/u)
    .map(initialOf)
    .filter((initial) => initial !== '');
  const first = initials[0] ?? '';
  const last = initials.length > 1 ? (initials.at(-1) ?? '') : '';
  if (first === '') return PICTURE.exec(name)?.[0] ?? '';
  return (first + last).toLocaleUpperCase();
}
