/**
 * What a name may consist of. Pure; used by the schemas, the forms and the relay.
 *
 * A person's name is what people are called: any script, no controls, no line breaks, nothing that is invisible or
 * reorders adjacent text. A username is typed and compared: letters, marks and digits of one script, to prevent
 * impersonation.
 */
import type { FieldProblem } from './errors.ts';
import { hasVisibleText, isStorableText } from './text.ts';

/** Joiners shape the letters of Arabic and Indic scripts: between two letters they are part of the word. */
const JOINER = /(?<=[\p{L}\p{M}])[\u200C\u200D](?=[\p{L}\p{M}])/gu;
/** In an emoji, joiners and variation selectors are part of the picture. */
const PICTURE =
  /\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*|[0-9#*]\uFE0F\u20E3/gu;
const NOT_IN_NAMES = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** A letter may carry a few marks; a stack of them covers its neighbours. */
const MARK_PILE = /\p{M}{9,}/u;

/** The forbidden characters of a name, each once. */
export function forbiddenInName(name: string): string[] {
  const text = name.replace(PICTURE, '').replace(JOINER, '');
  return [...new Set(text.match(NOT_IN_NAMES) ?? [])];
}

/** What is wrong with a person's name apart from its length, or null. */
export function nameProblem(name: string): FieldProblem | null {
  if (!isStorableText(name)) return 'bad_characters';
  if (!hasVisibleText(name)) return 'invisible';
  return forbiddenInName(name).length > 0 || MARK_PILE.test(name) ? 'bad_characters' : null;
}

const NOT_IN_USERNAMES = /[^\p{L}\p{M}\p{Nd}._-]/gu;
/** Scripts allowed in a username, one at a time; Japanese and Korean are written in several. */
const WRITINGS: readonly RegExp[] = [
  ['Latin'],
  ['Cyrillic'],
  ['Greek'],
  ['Arabic'],
  ['Hebrew'],
  ['Devanagari'],
  ['Bengali'],
  ['Thai'],
  ['Han', 'Hiragana', 'Katakana'],
  ['Han', 'Hangul'],
  ['Han', 'Bopomofo'],
  ['Armenian'],
  ['Georgian'],
  ['Ethiopic'],
  ['Gujarati'],
  ['Gurmukhi'],
  ['Kannada'],
  ['Khmer'],
  ['Lao'],
  ['Malayalam'],
  ['Mongolian'],
  ['Myanmar'],
  ['Oriya'],
  ['Sinhala'],
  ['Syriac'],
  ['Tamil'],
  ['Telugu'],
  ['Thaana'],
  ['Tibetan'],
].map(
  (scripts) => new RegExp(`^[._\\-\\p{Nd}${scripts.map((name) => `\\p{Script_Extensions=${name}}`).join('')}]+$`, 'u'),
);
/** Letters drawn exactly like Latin ones: a username made only of these passes for a Latin one. */
const LATIN_TWINS = /^[асеорхуіјѕԁһӏԛԝѵԍοαυνικρ0-9._-]+$/u;
const ASCII = /^[\x21-\x7E]*$/;

/** The forbidden characters of a username, each once. */
export function forbiddenInUsername(username: string): string[] {
  return [...new Set(username.normalize('NFC').match(NOT_IN_USERNAMES) ?? [])];
}

/** What is wrong with a username apart from its length, or null. */
export function usernameProblem(given: string): FieldProblem | null {
  if (!isStorableText(given)) return 'bad_characters';
  const username = given.normalize('NFC');
  // A name with compatibility forms (full-width letters, ligatures) compares equal to another person's.
  if (forbiddenInUsername(username).length > 0 || username !== username.normalize('NFKC')) return 'bad_characters';
  if (/^\p{M}/u.test(username) || MARK_PILE.test(username)) return 'bad_characters';
  if (ASCII.test(username)) return null;
  if (!WRITINGS.some((writing) => writing.test(username))) return 'mixed_scripts';
  return LATIN_TWINS.test(username.toLowerCase()) ? 'lookalike' : null;
}
