/** Where a text matches a search. The list of hits and the marks inside messages both use this, so they agree. Pure. */
import { words } from './search-text.ts';

/** What a query asks of a message's words, folded as `words` folds them. */
export interface Needles {
  /** Each must occur in the message, its words adjacent; a single word is a phrase of one. */
  phrases: string[][];
  /** The word still being typed: some word of the message must start with it. */
  prefix: string | null;
}

/** A range of a text, in UTF-16 units. */
export interface Place {
  start: number;
  length: number;
}

/** Every range of a text that matches a needle, in order and without overlaps. */
export function placesOf(text: string, needles: Needles): Place[] {
  const { phrases, prefix } = needles;
  if (phrases.length === 0 && prefix === null) return [];
  const all = words(text);
  const found: Place[] = [];
  for (const [first, word] of all.entries()) {
    let count = prefix !== null && word.folded.startsWith(prefix) ? 1 : 0;
    for (const phrase of phrases) {
      if (phrase.length > count && phrase.every((part, n) => all[first + n]?.folded === part)) count = phrase.length;
    }
    const last = all[first + count - 1];
    if (count === 0 || !last) continue;
    const end = last.start + last.length;
    const before = found.at(-1);
    // The end of one phrase may start the next: the first one keeps it.
    if (!before || word.start >= before.start + before.length)
      found.push({ start: word.start, length: end - word.start });
  }
  return found;
}
