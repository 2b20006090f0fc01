/** The part of a found message that shows why it was found. Pure. */
import { words } from '#contract/model/search-text.ts';
import { placesOf, type Needles, type Place } from '#contract/model/found.ts';

const EXCERPT = 160;
const LEAD = 40;

/** A part of the text around the first match, with marks on every match in it. */
export function excerptOf(content: string, needles: Needles): { excerpt: string; marks: Place[] } {
  const places = placesOf(content, needles);
  const firstPlace = places[0]?.start ?? 0;
  const wordStart = words(content).find((word) => word.start >= firstPlace - LEAD)?.start ?? 0;
  const from = firstPlace <= LEAD ? 0 : wordStart;
  const to = Math.min(content.length, from + EXCERPT);
  const before = from > 0 ? '…' : '';
  // If a surrogate pair is cut in two, the half becomes a character of the same length.
  const excerpt = `${before}${content.slice(from, to).toWellFormed().replace(/\s/gu, ' ')}${to < content.length ? '…' : ''}`;
  const marks: Place[] = [];
  for (const place of places) {
    const start = Math.max(place.start, from);
    const end = Math.min(place.start + place.length, to);
    if (end > start) marks.push({ start: start - from + before.length, length: end - start });
  }
  return { excerpt, marks };
}
