/** The filters a message query may contain, in addition to search terms. Pure. */

/** Filters such as `from:anna` apply to the message search only. */
export const FILTERS = ['from:', 'in:', 'has:', 'before:', 'after:'] as const;

/** The query without its filters, for matching names of people and chats. */
export function plainWords(query: string): string {
  const filter = new RegExp(`(^|\\s)(?:${FILTERS.join('|')})(?:"[^"]*"?|\\S*)`, 'giu');
  return query.replaceAll(filter, ' ').replaceAll(/\s+/gu, ' ').trim();
}
