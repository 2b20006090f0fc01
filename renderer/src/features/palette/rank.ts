/** Scores how well a text matches the palette's query. Pure. */
import { fold } from '#contract/model/search-text.ts';

/**
 * 0 for no match; higher is better. A prefix of the whole text beats a prefix of a word, which beats a substring, which
 * beats a subsequence.
 */
export function rank(text: string, query: string): number {
  const folded = fold(text);
  const wanted = fold(query).trim();
  if (wanted === '') return 1;
  if (folded.startsWith(wanted)) return 4;
  if (wanted.split(/\s+/).every((word) => folded.split(/[\s@._-]+/).some((part) => part.startsWith(word)))) return 3;
  if (folded.includes(wanted)) return 2;
  let at = 0;
  for (const char of wanted) {
    at = folded.indexOf(char, at) + 1;
    if (at === 0) return 0;
  }
  return 1;
}

/** The matching items, best first; ties keep their order. */
export function ranked<T>(items: readonly T[], query: string, textOf: (item: T) => string, limit: number): T[] {
  return items
    .map((item) => ({ item, score: rank(textOf(item), query) }))
    .filter((entry) => entry.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map((entry) => entry.item);
}
