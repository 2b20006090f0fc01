/** Splits an excerpt into plain and highlighted pieces, so that it can be rendered without markup. Pure. */
import type { SearchHit } from '#contract/ipc/views.ts';

export interface Piece {
  text: string;
  found: boolean;
}

/** The pieces in order. Overlapping marks are merged; anything outside the text is cut off. */
export function piecesOf(excerpt: string, marks: SearchHit['marks']): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const mark of marks.toSorted((a, b) => a.start - b.start)) {
    const start = Math.max(at, Math.min(mark.start, excerpt.length));
    const end = Math.min(mark.start + mark.length, excerpt.length);
    if (end <= start) continue;
    if (start > at) pieces.push({ text: excerpt.slice(at, start), found: false });
    const before = pieces.at(-1);
    if (before?.found && start === at) before.text += excerpt.slice(start, end);
    else pieces.push({ text: excerpt.slice(start, end), found: true });
    at = end;
  }
  if (at < excerpt.length) pieces.push({ text: excerpt.slice(at), found: false });
  return pieces;
}
