/** How well a found message answers, and the part of it that shows why. Pure. */
import type { ParsedQuery } from '../search/query.ts';
import { words, type Word } from '../../lib/fold.ts';

/** A found message. */
export type Candidate = { row: number; content: string; created_at: number };

/** The usual constants of BM25. */
const K1 = 1.2;
const B = 0.75;
/** A message of today counts as much as this, one of half a year ago half as much. */
const RECENCY_WEIGHT = 0.6;
const HALF_LIFE_MS = 182 * 24 * 3_600_000;
const EXCERPT = 160;
const LEAD = 40;

/** A stretch of words that the query asked for: the index of its first word, and how many. */
interface Match {
  first: number;
  count: number;
}

function matchesOf(text: readonly Word[], query: ParsedQuery): Match[] {
  const found: Match[] = [];
  text.forEach((word, first) => {
    for (const phrase of query.phrases) {
      if (phrase.every((part, n) => text[first + n]?.folded === part)) found.push({ first, count: phrase.length });
    }
    if (query.prefix !== null && word.folded.startsWith(query.prefix)) found.push({ first, count: 1 });
  });
  return found;
}

/**
 * Orders candidates by BM25 and recency, best first. Every candidate holds every word of the query, so how rare a word
 * is weighs the same for all of them: what tells them apart is how often they say it, how long they are, and when.
 */
export function rank<C extends Candidate>(candidates: readonly C[], query: ParsedQuery, now: number): C[] {
  const hasWords = query.phrases.length > 0 || query.prefix !== null;
  if (!hasWords) return [...candidates];
  const split = candidates.map((candidate) => words(candidate.content));
  const average = split.reduce((sum, one) => sum + one.length, 0) / Math.max(1, split.length) || 1;
  const scored = candidates.map((candidate, index) => {
    const text = split[index] ?? [];
    const often = matchesOf(text, query).length;
    const bm25 = (often * (K1 + 1)) / (often + K1 * (1 - B + (B * text.length) / average));
    const age = Math.max(0, now - candidate.created_at);
    return { candidate, score: bm25 + RECENCY_WEIGHT * 2 ** (-age / HALF_LIFE_MS) };
  });
  return scored
    .sort((a, b) => b.score - a.score || b.candidate.row - a.candidate.row)
    .map(({ candidate }) => candidate);
}

/** A part of the text around the first place found, with marks on every place found in it. */
export function excerptOf(
  content: string,
  query: ParsedQuery,
): { excerpt: string; marks: { start: number; length: number }[] } {
  const text = words(content);
  const places = matchesOf(text, query).map(({ first, count }) => {
    const from = text[first]?.start ?? 0;
    const last = text[first + count - 1];
    return { from, to: last ? last.start + last.length : from };
  });
  const firstPlace = places.reduce(
    (least, place) => Math.min(least, place.from),
    places.length > 0 ? content.length : 0,
  );
  const wordStart = text.find((word) => word.start >= firstPlace - LEAD)?.start ?? 0;
  const from = firstPlace <= LEAD ? 0 : wordStart;
  const to = Math.min(content.length, from + EXCERPT);
  const before = from > 0 ? '…' : '';
  // Cut in the middle of a pair of code units, the halves become a mark of their own length.
  const excerpt = `${before}${content.slice(from, to).toWellFormed().replace(/\s/gu, ' ')}${to < content.length ? '…' : ''}`;
  const marks: { start: number; length: number }[] = [];
  for (const place of places.sort((a, b) => a.from - b.from || b.to - a.to)) {
    const start = Math.max(place.from, from) - from + before.length;
    const end = Math.min(place.to, to) - from + before.length;
    const last = marks[marks.length - 1];
    if (end <= start || (last && start < last.start + last.length)) continue;
    marks.push({ start, length: end - start });
  }
  return { excerpt, marks };
}
