/** Limits what the page sent before any schema walks through it. */
import { MAX_CHUNK_BYTES } from '#contract/model/limits.ts';

/** Characters of all strings and keys together; the longest legitimate argument is a copied text of 1,000,000. */
const MOST_CHARS = 1_100_000;
const MOST_VALUES = 10_000;
/** Bytes of all byte arrays together: one piece of a file. */
const MOST_BYTES = MAX_CHUNK_BYTES;
const DEEPEST = 12;

/**
 * Why a value is not the plain data of a command (objects, lists, strings, numbers, booleans, null, and one piece of
 * bytes), or null when it is.
 */
export function plainDataProblem(value: unknown): string | null {
  let chars = 0;
  let values = 0;
  let bytes = 0;
  const waiting: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value: at, depth } = next;
    if (++values > MOST_VALUES) return 'too many values';
    if (depth > DEEPEST) return 'too deep';
    if (typeof at === 'string') chars += at.length;
    else if (typeof at === 'bigint' || typeof at === 'function' || typeof at === 'symbol') return `a ${typeof at}`;
    else if (at instanceof Uint8Array) {
      bytes += at.byteLength;
      if (bytes > MOST_BYTES) return 'too many bytes';
    } else if (typeof at === 'object' && at !== null) {
      const isList = Array.isArray(at);
      const prototype: unknown = Object.getPrototypeOf(at);
      if (!isList && prototype !== Object.prototype && prototype !== null) return 'an object of a class';
      // Counted before it is expanded: a list of ten million is not worth walking through.
      const size = isList ? at.length : Object.keys(at).length;
      if (values + waiting.length + size > MOST_VALUES) return 'too many values';
      for (const [key, inner] of Object.entries(at)) {
        if (!isList) chars += key.length;
        waiting.push({ value: inner, depth: depth + 1 });
      }
    }
    if (chars > MOST_CHARS) return 'too long';
  }
  return null;
}
