/** Finds emojis by keywords in any language. Pure. */
import { fold } from '#contract/model/search-text.ts';
import type { EmojiEntry } from './emoji-data.ts';

/** More than a user will look through. */
const MAX_FOUND = 120;

/**
 * The emojis where every word of the query is a prefix of a keyword, in any language; names that start with the query
 * come first. An emoji as the query finds itself, in any tone, with or without the variation selector.
 */
export function searchEmojis(entries: readonly EmojiEntry[], query: string): EmojiEntry[] {
  const wanted = fold(query.trim());
  if (wanted === '') return [];
  const parts = wanted.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '');
  if (parts.length === 0) return entries.filter((entry) => fold(entry.emoji) === wanted);
  const found = entries.filter((entry) => parts.every((part) => entry.words.some((word) => word.startsWith(part))));
  const rank = (entry: EmojiEntry): number => {
    if (entry.labels.some((label) => fold(label) === wanted)) return 0;
    if (entry.labels.some((label) => fold(label).startsWith(wanted))) return 1;
    return parts.every((part) => entry.words.includes(part)) ? 2 : 3;
  };
  return found.toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_FOUND);
}
