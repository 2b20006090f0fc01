/** How names are compared and found: without regard to case, in any script. Pure. */

/** The form in which two spellings of a name are the same. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('ё', 'е');
}

/** The words a person can be found by: the whole username, its parts, and the words of the name; folded, each once. */
export function searchTerms(user: { username: string; firstName: string; lastName: string }): string[] {
  const username = fold(user.username);
  const names = fold(`${user.firstName} ${user.lastName}`);
  const words = [...username.split(/[._-]+/u), ...names.split(/[^\p{L}\p{M}\p{N}]+/u), ...names.split(/\s+/u)];
  return [...new Set([username, ...words])].filter((word) => word.length > 0);
}

/** The words of a query, each of which must begin one of the person's words. At most eight count. */
export function queryWords(query: string): string[] {
  const words = fold(query)
    .split(/\s+/u)
    .map((word) => word.replace(/^@/, ''));
  return [...new Set(words.filter((word) => word.length > 0))].slice(0, 8);
}

/** The first text after every text that begins with `prefix`, in the byte order of UTF-8. */
export function afterPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
