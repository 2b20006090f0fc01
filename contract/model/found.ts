/** Where a text holds what was searched for. The list of hits and the marks in a message are the same by this. Pure. */
import { words } from './search-text.ts';

/** What a query asks of the words of a message, folded as `words` folds them. */
export interface Needles {
  /** Each of these stands in the message, its words side by side; a single word is a phrase of one. */
  phrases: string[][];
  /** The word still being typed: some word of the message begins with it. */
  prefix: string | null;
}

/** A stretch of a text, in UTF-16 units. */
export interface Place {
  start: number;
  length: number;
}

/** Every place of a text that answers one of the needles, in their order; they do not overlap. */
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
    // The end of one phrase may begin the next: the first one keeps it.
    if (!before || word.start >= before.start + before.length)
      found.push({ start: word.start, length: end - word.start });
  }
  return found;
}
