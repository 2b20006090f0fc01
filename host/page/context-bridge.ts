/**
 * `contextBridge` on the stand-in. There is one JavaScript world here, so that isolation cannot be had; its rules can:
 * what crosses is copied, prototypes are lost, functions become other functions, and what is exposed is frozen.
 *
 * A call's arguments and its result are cloned by the platform before anything else, as Electron's second border (the
 * IPC) would do. That refuses a proxy, which Electron's bridge refuses too and which no script can tell from its
 * target; and it refuses a symbol and a function inside of an object, which Electron's bridge would let through.
 */
const DEEPEST = 1000;

/** Makes the object that puts an API on `target` (the page's window). */
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
    /** Electron runs the function's text in the page's world; here it is called there, so that it keeps its closure. */
    executeInMainWorld({ func, args = [] }: Electron.ExecutionScript): unknown {
      return crossResult((func as (...given: unknown[]) => unknown)(...args.map((arg) => crossArgument(arg))));
    },
  };
}

/** A function crosses as another function that copies; all other values as what `structuredClone` makes of them. */
function crossArgument(value: unknown): unknown {
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
  // Deep values exhaust the stack in the platform's own clone, in a browser's worse than here: Electron counts.
  return copy(structuredClone(value), new Map());
}

/** Copies lists and records as the bridge does; `known` holds what was copied already, so that circles stay circles. */
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
    // By index: a hole becomes undefined, and what else hangs on the list is lost.
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

/** Of an error only its message crosses. */
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
