/**
 * Strict JSON parser. Beyond what JSON.parse rejects it rejects invalid UTF-8, duplicate names in an object (parsers
 * may disagree about which one counts), names that reach an object's prototype, and excessive nesting.
 */
import { RelayError } from '../errors.ts';

const MAX_DEPTH = 32;
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

function refuse(message: string): never {
  throw new RelayError('bad_request', message);
}

/** The tokens of a text that JSON.parse has accepted: strings and punctuation. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** Walks valid JSON text and rejects what is no longer visible in the parsed object. */
function checkStructure(text: string): void {
  const open: (Set<string> | null)[] = [];
  let lastString: string | null = null;
  for (const [token] of text.matchAll(TOKEN)) {
    switch (token) {
      case '{':
        open.push(new Set());
        break;
      case '[':
        open.push(null);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ':': {
        const given = lastString ?? '""';
        const name: unknown = given.includes('\\') ? JSON.parse(given) : given.slice(1, -1);
        const names = open.at(-1);
        if (typeof name !== 'string' || !names) break;
        if (names.has(name)) refuse('The JSON names the same field twice.');
        if (FORBIDDEN_NAMES.has(name)) refuse('The JSON names a field that is not allowed.');
        names.add(name);
        break;
      }
      case ',':
        break;
      default:
        lastString = token;
    }
    if (open.length > MAX_DEPTH) refuse('The JSON is nested too deeply.');
  }
}

/** Keeps nothing from one text to the next: each is decoded as a whole, and a refused one leaves no rest. */
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses a body or a frame.
 * @throws RelayError `bad_request` with a message that contains no user content.
 */
export function parseJson(bytes: Uint8Array): unknown {
  let value: unknown;
  let text: string;
  try {
    text = DECODER.decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) refuse('The body is not JSON in UTF-8.');
    throw error;
  }
  checkStructure(text);
  return value;
}
