/** Finds emojis by words of any language. Pure. */
import type { EmojiEntry } from './emoji-data.ts';

/** As many as a person will look through. */
const MAX_FOUND = 120;

/** Without the sign that asks for the coloured form, which some keyboards leave out. */
function bare(emoji: string): string {
  return emoji.replaceAll('\uFE0F', '');
}

/**
 * The emojis of which every word of the query begins a word, in any language; those whose name begins with the query
 * come first. An emoji itself finds itself.
 */
export function searchEmojis(entries: readonly EmojiEntry[], query: string): EmojiEntry[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const parts = wanted.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '');
  if (parts.length === 0) return entries.filter((entry) => bare(entry.emoji) === bare(wanted));
  const found = entries.filter((entry) => parts.every((part) => entry.words.some((word) => word.startsWith(part))));
  const rank = (entry: EmojiEntry): number => {
    if (entry.labels.some((label) => label.toLowerCase() === wanted)) return 0;
    if (entry.labels.some((label) => label.toLowerCase().startsWith(wanted))) return 1;
    return parts.every((part) => entry.words.includes(part)) ? 2 : 3;
  };
  return found.toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_FOUND);
}
