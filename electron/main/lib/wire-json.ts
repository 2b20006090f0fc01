/** A server's escapes may produce invalid text: a lone surrogate, or NUL, which ends the text for some readers. */
const ODD_ESCAPE = /\\u(?:d[89a-f]|0000)/i;

function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\uFFFD') : value;
}

/**
 * Parses JSON from a server. Every string in it can be stored and is read back unchanged: invalid characters become the
 * replacement character (U+FFFD).
 * @throws {SyntaxError} if it is not JSON.
 */
export function parseWireJson(text: string): unknown {
  return ODD_ESCAPE.test(text) ? JSON.parse(text, wellFormed) : JSON.parse(text);
}
