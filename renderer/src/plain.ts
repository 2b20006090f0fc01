/**
 * What may cross the bridge. Electron copies an argument twice, into the preload's world and to main, and refuses a
 * proxy each time: everything reactive is one. So a copy is made here, and what no copy can be made of is refused loudly.
 */

/** As deep as main lets an argument be, see electron/main/ipc/plain-data.ts. */
const DEEPEST = 12;

/**
 * A plain copy of a command's argument: objects, lists, strings, numbers, booleans, null and undefined, reactive or not.
 * Throws a TypeError that names the place for anything else: main would refuse it, or read something else than was meant.
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
      if (prototype !== Object.prototype && prototype !== null) break;
      const entries = Object.entries(value).map(([key, item]) => [key, copy(item, `${where}.${key}`, depth + 1)]);
      return Object.fromEntries(entries);
    }
    default:
  }
  throw new TypeError(`${where} cannot cross the bridge: it is no plain data`);
}
