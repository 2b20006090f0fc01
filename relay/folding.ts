/** How names are compared, and how people are found by them. Pure. */
import { fold, words } from '#contract/model/search-text.ts';

/** The form in which two spellings of a username are the same account: stricter than what a search finds. */
export function foldUsername(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('ё', 'е');
}

/**
 * The words a person can be found by: the whole username, its parts, and the words of the name, where a script puts no
 * space between these from each letter on; folded, each once.
 */
export function searchTerms(user: { username: string; firstName: string; lastName: string }): string[] {
  const username = fold(user.username);
  const names = fold(`${user.firstName} ${user.lastName}`);
  const terms = [...username.split(/[._-]+/u), ...names.split(/[^\p{L}\p{M}\p{N}]+/u), ...names.split(/\s+/u)];
  for (const { isLetter, start } of words(names)) if (isLetter) terms.push(names.slice(start).split(/\s+/u)[0] ?? '');
  return [...new Set([username, ...terms])].filter((term) => term.length > 0);
}

/** The words of a query, each of which must begin one of the person's words. At most eight count. */
export function queryWords(query: string): string[] {
  const typed = fold(query)
    .split(/\s+/u)
    .map((word) => word.replace(/^@/, ''));
  return [...new Set(typed.filter((word) => word.length > 0))].slice(0, 8);
}

/** The first text after every text that begins with `prefix`, in the byte order of UTF-8. */
export function afterPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
