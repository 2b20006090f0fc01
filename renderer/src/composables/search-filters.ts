/** The filters that a query for messages may hold, beside the words that everything is looked up by. Pure. */

/** Words such as `from:anna` are for the search in messages only. */
export const FILTERS = ['from:', 'in:', 'has:', 'before:', 'after:'] as const;

/** The query without its filters: what names of people and chats are looked up by. */
export function plainWords(query: string): string {
  const filter = new RegExp(`(^|\\s)(?:${FILTERS.join('|')})(?:"[^"]*"?|\\S*)`, 'giu');
  return query.replaceAll(filter, ' ').replaceAll(/\s+/gu, ' ').trim();
}
