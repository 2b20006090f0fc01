/** How a person without a picture is shown: initials on a tone that is theirs for good. Pure. */
import { ONE_EMOJI } from '#contract/model/message-text/emoji-form.ts';

const TONES = 8;
const utf8 = new TextEncoder();

/**
 * 1 to 8, the same for the same id on every device: the number of a `tone-n` class. By the id and never the name, so a
 * new name keeps the colour.
 */
export function toneOf(id: string): number {
  // FNV-1a, 32 bit: short ids that differ in one character land far apart.
  let hash = 0x811c9dc5;
  for (const byte of utf8.encode(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return (hash % TONES) + 1;
}

/** The class of the tone of an id. */
export function toneClass(id: string): string {
  return `tone-${String(toneOf(id))}`;
}

/** The first letter or digit of a word with the marks that belong to it; emojis, brackets and dots are passed over. */
function initialOf(word: string): string {
  return /[\p{L}\p{N}]\p{M}*/u.exec(word)?.[0] ?? '';
}

const PICTURE = new RegExp(ONE_EMOJI, 'u');

/**
 * One or two initials: of the first and of the last word that has a letter or a digit; where none has, the first
 * picture of the name; empty where there is none either.
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
