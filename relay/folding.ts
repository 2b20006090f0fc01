/** How usernames are compared and how people are found by name. Pure. */
import { fold, words } from '#contract/model/search-text.ts';

/**
 * The canonical form of a username; spellings with the same form are the same account. Stricter than search folding.
 */
export function foldUsername(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('ё', 'е');
}

/**
 * The search terms of a person: the whole username, its parts, and the words of the name. In scripts written without
 * spaces between words, a term starts at every letter. All folded, without duplicates.
 */
export function searchTerms(user: { username: string; firstName: string; lastName: string }): string[] {
  const username = fold(user.username);
  const names = fold(`${user.firstName} ${user.lastName}`);
  const terms = [...username.split(/[._-]+/u), ...names.split(/[^\p{L}\p{M}\p{N}]+/u), ...names.split(/\s+/u)];
  for (const { isLetter, start } of words(names)) if (isLetter) terms.push(names.slice(start).split(/\s+/u)[0] ?? '');
  return [...new Set([username, ...terms])].filter((term) => term.length > 0);
}

/**
 * Whether a text can be in any row: no column takes a NUL. PostgreSQL takes none in what is looked for either, so whoever
 * looks for a text that was not checked asks this first.
 */
export function canBeStored(...texts: readonly string[]): boolean {
  return !texts.some((text) => text.includes('\0'));
}

/** The words of a query; each must be a prefix of one of the person's terms. At most eight are used. */
export function queryWords(query: string): string[] {
  const typed = fold(query)
    .split(/\s+/u)
    .map((word) => word.replace(/^@/, ''));
  return [...new Set(typed.filter((word) => word.length > 0))].slice(0, 8);
}

/** The smallest string greater than every string that starts with `prefix`, in UTF-8 byte order. */
export function afterPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
