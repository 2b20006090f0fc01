/**
 * Plain data for the bridge. Electron copies an argument twice, into the preload's world and to main, and rejects
 * proxies each time, which includes everything reactive. So a copy is made here, and anything that cannot be copied
 * throws.
 */

/** The depth main accepts, see electron/main/ipc/plain-data.ts. */
const DEEPEST = 12;

/**
 * A plain copy of a command's argument: objects, arrays, strings, numbers, booleans, bytes, null and undefined, reactive
 * or not.
 * Throws a TypeError that names the location of anything else: main would reject or misread it.
 */
export function plain<T>(value: T): T {
  return copy(value, 'argument', 0) as T;
}

function copy(value: unknown, where: string, depth: number): unknown {
  if (depth > DEEPEST) throw new TypeError(`${where} is too deep for the bridge`);
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
      return value;
    case 'object': {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((item, index) => copy(item, `${where}[${String(index)}]`, depth + 1));
      const prototype: unknown = Object.getPrototypeOf(value);
      // Copied at the bridge itself.
      if (prototype === Uint8Array.prototype) return value;
      if (prototype !== Object.prototype && prototype !== null) break;
      const entries = Object.entries(value).map(([key, item]) => [key, copy(item, `${where}.${key}`, depth + 1)]);
      return Object.fromEntries(entries);
    }
    default:
  }
  throw new TypeError(`${where} cannot cross the bridge: it is no plain data`);
}
