/** What people wrote, set into a sentence of the page's. Pure. */

/** Scripts that run from right to left. Every language of the page runs the other way, and its like disturb nothing. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/**
 * A text that keeps to itself: it is read in its own direction, and what stands beside it stays where it is. Text that
 * runs as the page does is returned as it is. A screen reader says nothing of the marks.
 */
export function isolate(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `${FIRST_STRONG_ISOLATE}${text}${POP_ISOLATE}` : text;
}

/** Names in a row, each in its own direction. */
export function listed(names: readonly string[]): string {
  return names.map(isolate).join(', ');
}
