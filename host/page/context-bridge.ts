/**
 * `contextBridge` on the stand-in. There is only one JavaScript world here, so isolation is impossible, but its rules
 * are kept: values that cross are copied, prototypes are lost, functions are wrapped, and what is exposed is frozen.
 *
 * Arguments and results of a call are structured-cloned first, as they would be at Electron's second boundary (the
 * IPC). That rejects proxies, which Electron's bridge rejects too and which a script cannot distinguish from their
 * targets; it also rejects symbols and functions inside objects, which Electron's bridge would let through.
 */
const DEEPEST = 1000;

/** Creates the object that exposes an API on `target` (the page's window). */
export function createContextBridge(target: object): Electron.ContextBridge {
  return {
    exposeInMainWorld(apiKey: string, api: unknown): void {
      if (apiKey in target) {
        throw new Error('Cannot bind an API on top of an existing property on the window object');
      }
      Object.defineProperty(target, apiKey, {
        value: deepFreeze(copy(api, new Map())),
        enumerable: true,
        writable: false,
        configurable: false,
      });
    },
    exposeInIsolatedWorld(): void {
      throw new Error('The stand-in for Electron does not have contextBridge.exposeInIsolatedWorld.');
    },
    /**
     * Electron evaluates the function's source in the page's world; here it is called directly and keeps its closure.
     */
    executeInMainWorld({ func, args = [] }: Electron.ExecutionScript): unknown {
      return crossResult((func as (...given: unknown[]) => unknown)(...args.map((arg) => crossArgument(arg))));
    },
  };
}

/**
 * Files cross as what they are: a clone would be another file, of which nobody knows whether the user gave it. What
 * cannot be cloned (a proxy of their list) throws as always.
 */
function crossFiles(value: unknown): unknown[] | null {
  if (!Array.isArray(value) || value.length === 0 || typeof File === 'undefined') return null;
  if (!value.every((item) => item instanceof File)) return null;
  structuredClone(value);
  return [...value];
}

/** A function crosses as a wrapper that copies; all other values as a `structuredClone`. */
function crossArgument(value: unknown): unknown {
  const files = crossFiles(value);
  if (files) return files;
  return typeof value === 'function' ? crossFunction(value as (...args: unknown[]) => unknown) : cloned(value);
}

function crossResult(value: unknown): unknown {
  if (!(value instanceof Promise)) return crossArgument(value);
  return value.then(
    (result) => crossArgument(result),
    (reason: unknown) => Promise.reject(crossError(reason)),
  );
}

function cloned(value: unknown): unknown {
  // Deep values overflow the stack in the platform's clone, in browsers sooner than here: Electron checks the depth.
  return copy(structuredClone(value), new Map());
}

/**
 * Copies arrays and records as the bridge does; `known` holds what was already copied, so that cycles are preserved.
 */
function copy(value: unknown, known: Map<object, unknown>, depth = 0): unknown {
  if (depth > DEEPEST) throw new TypeError('Electron contextBridge recursion depth exceeded.');
  if (typeof value === 'function') return crossFunction(value as (...args: unknown[]) => unknown);
  if (typeof value === 'symbol') throw new Error('An object could not be cloned.');
  if (typeof value !== 'object' || value === null) return value;
  if (known.has(value)) return known.get(value);
  if (value instanceof Error) return crossError(value);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    known.set(value, list);
    // By index: holes become undefined, and other properties of the array are lost.
    for (let at = 0; at < value.length; at += 1) list.push(copy(value[at], known, depth + 1));
    return list;
  }
  if (!isRecord(value)) return value instanceof Promise ? crossResult(value) : structuredClone(value);
  const record: object = {};
  known.set(value, record);
  for (const [key, item] of Object.entries(value)) {
    const crossed = copy(item, known, depth + 1);
    // Defined, not assigned: a key named `__proto__` is data.
    Object.defineProperty(record, key, { value: crossed, writable: true, enumerable: true, configurable: true });
  }
  return record;
}

function crossFunction(run: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
  return (...args) => {
    const given = args.map((arg) => crossArgument(arg));
    let result: unknown;
    try {
      result = run(...given);
    } catch (error) {
      throw crossError(error);
    }
    return crossResult(result);
  };
}

/** Only the message of an error crosses. */
function crossError(reason: unknown): Error {
  return new Error(reason instanceof Error ? reason.message : String(reason));
}

/** A class instance crosses as its own fields, like a plain object; what the platform can clone is left to it. */
function isRecord(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value) && !ArrayBuffer.isView(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
