/** What a server wrote as escapes may be no text: half of a pair, or NUL, which ends a text for some who read it. */
const ODD_ESCAPE = /\\u(?:d[89a-f]|0000)/i;

function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\uFFFD') : value;
}

/**
 * Reads JSON of a server. Every text of it can be stored and comes back as it was stored: what is no character becomes
 * the one that stands for it (U+FFFD).
 * @throws {SyntaxError} when it is no JSON.
 */
export function parseWireJson(text: string): unknown {
  return ODD_ESCAPE.test(text) ? JSON.parse(text, wellFormed) : JSON.parse(text);
}
