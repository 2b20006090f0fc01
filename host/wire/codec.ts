/**
 * Values as they cross between main and a page, with structured clone semantics: what Electron's IPC could not clone
 * fails here too, and what it preserves (undefined, NaN, Date, Map, Set, bytes, cycles) arrives the same.
 *
 * The native `structuredClone` decides what may pass; this file only serializes its result. A value that JSON
 * represents exactly is sent as JSON (`J...`), everything else as a table of nodes that refer to each other by index
 * (`T...`).
 */

/** Electron's error for a value that cannot cross. */
export class CloneError extends Error {
  constructor() {
    super('An object could not be cloned.');
    this.name = 'CloneError';
  }
}

type ViewConstructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => ArrayBufferView;

const VIEWS: Record<string, ViewConstructor> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
};

const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError } as const;

/** Encodes a value as text. Throws CloneError for values that cannot be cloned. */
export function encode(value: unknown): string {
  const copy = cloned(value);
  if (isExactJson(copy, new Set())) return `J${JSON.stringify(copy)}`;
  const writer = new TableWriter();
  writer.add(copy);
  return `T${JSON.stringify(writer.nodes)}`;
}

/** Decodes the output of `encode`. Throws for any other text. */
export function decode(text: string): unknown {
  const body: unknown = JSON.parse(text.slice(1));
  if (text.startsWith('J')) return body;
  if (!text.startsWith('T') || !Array.isArray(body)) throw new Error('not an encoded value');
  return new TableReader(body).read(0);
}

function cloned(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch (error) {
    // A getter of the value may throw its own error: that belongs to the caller and is passed on.
    if (error instanceof Error && error.name !== 'DataCloneError') throw error;
    throw new CloneError();
  }
}

/** True when JSON round-trips the value exactly. Shared objects do not qualify: they must stay a single object. */
function isExactJson(value: unknown, seen: Set<object>): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object': {
      if (value === null) return true;
      if (seen.has(value)) return false;
      seen.add(value);
      if (Array.isArray(value)) {
        return Object.keys(value).length === value.length && value.every((item) => isExactJson(item, seen));
      }
      return isPlain(value) && Object.values(value).every((item) => isExactJson(item, seen));
    }
    default:
      return false;
  }
}

function isPlain(value: object): boolean {
  return (
    Object.prototype.toString.call(value) === '[object Object]' && Object.getPrototypeOf(value) === Object.prototype
  );
}

class TableWriter {
  readonly nodes: unknown[] = [];
  private readonly known = new Map<object, number>();

  /** Adds a value and returns its index. */
  add(value: unknown): number {
    if (typeof value === 'object' && value !== null) {
      const index = this.known.get(value);
      if (index !== undefined) return index;
    }
    const index = this.nodes.length;
    this.nodes.push(null);
    if (typeof value === 'object' && value !== null) {
      this.known.set(value, index);
      this.nodes[index] = this.object(value);
    } else {
      this.nodes[index] = primitive(value);
    }
    return index;
  }

  private object(value: object): unknown {
    if (Array.isArray(value)) return ['a', value.length, ...this.entries(value)];
    if (value instanceof Date) return ['d', primitive(value.getTime())];
    if (value instanceof RegExp) return ['r', value.source, value.flags];
    if (value instanceof Map) return ['m', ...[...value].flatMap(([key, item]) => [this.add(key), this.add(item)])];
    if (value instanceof Set) return ['s', ...[...value].map((item) => this.add(item))];
    if (value instanceof ArrayBuffer) return ['b', toBase64(new Uint8Array(value))];
    if (ArrayBuffer.isView(value)) return this.view(value);
    if (value instanceof Error) {
      const cause = 'cause' in value ? this.add(value.cause) : -1;
      return ['e', value.name, value.message, value.stack ?? '', cause];
    }
    if (value instanceof Number || value instanceof String || value instanceof Boolean || value instanceof BigInt) {
      return ['p', primitive(value.valueOf())];
    }
    if (!isPlain(value)) throw new CloneError();
    return ['o', ...this.entries(value)];
  }

  private view(value: ArrayBufferView): unknown {
    const name = Object.prototype.toString.call(value).slice(8, -1);
    if (!Object.hasOwn(VIEWS, name)) throw new CloneError();
    const length = value instanceof DataView ? value.byteLength : 'length' in value ? value.length : 0;
    return ['v', name, this.add(value.buffer), value.byteOffset, length];
  }

  private entries(value: object): unknown[] {
    return Object.entries(value).flatMap(([key, item]) => [key, this.add(item)]);
  }
}

/** A primitive as JSON represents it, or as a tagged array. */
function primitive(value: unknown): unknown {
  switch (typeof value) {
    case 'undefined':
      return ['u'];
    case 'bigint':
      return ['i', String(value)];
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : ['n', Object.is(value, -0) ? '-0' : String(value)];
    case 'string':
    case 'boolean':
      return value;
    case 'object':
      return null;
    default:
      throw new CloneError();
  }
}

class TableReader {
  private readonly done = new Map<number, unknown>();
  private readonly nodes: unknown[];

  constructor(nodes: unknown[]) {
    this.nodes = nodes;
  }

  read(index: unknown): unknown {
    if (typeof index !== 'number' || !(index in this.nodes)) throw new Error('not an encoded value');
    if (this.done.has(index)) return this.done.get(index);
    const node = this.nodes[index];
    if (!Array.isArray(node)) return this.keep(index, node);
    return this.tagged(index, node);
  }

  private keep<T>(index: number, value: T): T {
    this.done.set(index, value);
    return value;
  }

  private tagged(index: number, node: unknown[]): unknown {
    const [tag, ...rest] = node;
    switch (tag) {
      case 'u':
      case 'i':
      case 'n':
        return this.keep(index, readPrimitive(node));
      case 'd':
        return this.keep(index, new Date(Number(readPrimitive(rest[0]))));
      case 'r':
        return this.keep(index, new RegExp(String(rest[0]), String(rest[1])));
      case 'b':
        return this.keep(index, fromBase64(String(rest[0])));
      case 'p':
        return this.keep(index, Object(readPrimitive(rest[0])));
      case 'a':
        return this.fill(this.keep(index, new Array<unknown>(Number(rest[0]))), rest.slice(1));
      case 'o':
        return this.fill(this.keep(index, {}), rest);
      case 'm': {
        const map = this.keep(index, new Map<unknown, unknown>());
        for (let at = 0; at < rest.length; at += 2) map.set(this.read(rest[at]), this.read(rest[at + 1]));
        return map;
      }
      case 's': {
        const set = this.keep(index, new Set<unknown>());
        for (const item of rest) set.add(this.read(item));
        return set;
      }
      case 'v':
        return this.keep(index, this.view(rest));
      case 'e':
        return this.error(index, rest);
      default:
        throw new Error('not an encoded value');
    }
  }

  private view([name, buffer, offset, length]: unknown[]): ArrayBufferView {
    const bytes = this.read(buffer);
    const View = Object.hasOwn(VIEWS, String(name)) ? VIEWS[String(name)] : undefined;
    if (!View || !(bytes instanceof ArrayBuffer)) throw new Error('not an encoded value');
    return new View(bytes, Number(offset), Number(length));
  }

  private error(index: number, [name, message, stack, cause]: unknown[]): Error {
    const Kind = Object.entries(ERRORS).find(([known]) => known === name)?.[1] ?? Error;
    const error = this.keep(index, new Kind(String(message)));
    error.stack = String(stack);
    if (cause !== -1) error.cause = this.read(cause);
    return error;
  }

  private fill<T extends object>(target: T, pairs: unknown[]): T {
    for (let at = 0; at < pairs.length; at += 2) {
      // Defined, not assigned: a key named `__proto__` is data.
      Object.defineProperty(target, String(pairs[at]), {
        value: this.read(pairs[at + 1]),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return target;
  }
}

function readPrimitive(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  if (value[0] === 'i') return BigInt(String(value[1]));
  if (value[0] === 'n') return Number(value[1]);
  return undefined;
}

const CHUNK = 0x8000;

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}

function fromBase64(text: string): ArrayBuffer {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes.buffer;
}
