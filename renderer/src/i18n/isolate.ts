/** Embeds user text in sentences of the page. Pure. */

/** Right-to-left scripts. All languages of the page are left-to-right, so other text needs no isolation. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/**
 * Isolates a text, so that it has its own direction and does not reorder its surroundings. Left-to-right text is
 * returned unchanged. Screen readers ignore the isolation characters.
 */
export function isolate(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `${FIRST_STRONG_ISOLATE}${text}${POP_ISOLATE}` : text;
}

/** A list of names, each in its own direction. */
export function listed(names: readonly string[]): string {
  return names.map(isolate).join(', ');
}
