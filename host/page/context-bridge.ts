/**
 * `contextBridge` on the stand-in. There is one JavaScript world here, so that isolation cannot be had; its rules can:
 * what crosses is copied, prototypes are lost, functions become other functions, and the result is frozen.
 */
const DEEPEST = 1000;

/** Makes the object that puts an API on `target` (the page's window). */
export function createContextBridge(target: Window): Pick<Electron.ContextBridge, 'exposeInMainWorld'> {
  return {
    exposeInMainWorld(apiKey: string, api: unknown): void {
      if (apiKey in target) {
        throw new Error('Cannot bind an API on top of an existing property on the window object');
      }
      Object.defineProperty(target, apiKey, {
        value: deepFreeze(cross(api)),
        enumerable: true,
        writable: false,
        configurable: false,
      });
    },
  };
}

/** Copies one value to the other side; `known` holds what was copied already, so that circles stay circles. */
function cross(value: unknown, depth = 0, known = new Map<unknown, unknown>()): unknown {
  if (depth > DEEPEST) throw new TypeError('Electron contextBridge recursion depth exceeded.');
  if (typeof value === 'function') return crossFunction(value as (...args: unknown[]) => unknown);
  if (typeof value === 'symbol') throw new Error('An object could not be cloned.');
  if (typeof value !== 'object' || value === null) return value;
  if (known.has(value)) return known.get(value);
  if (Array.isArray(value) || isRecord(value)) {
    const copy: object = Array.isArray(value) ? [] : {};
    known.set(value, copy);
    for (const [key, item] of Object.entries(value)) {
      const crossed = cross(item, depth + 1, known);
      // Defined, not assigned: a key named `__proto__` is data.
      Object.defineProperty(copy, key, { value: crossed, writable: true, enumerable: true, configurable: true });
    }
    return copy;
  }
  if (value instanceof Promise) {
    return value.then(
      (result) => cross(result),
      (reason: unknown) => Promise.reject(crossError(reason)),
    );
  }
  return value instanceof Error ? crossError(value) : structuredClone(value);
}

function crossFunction(run: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
  return (...args) => {
    const given = args.map((arg) => cross(arg));
    let result: unknown;
    try {
      result = run(...given);
    } catch (error) {
      throw crossError(error);
    }
    return cross(result);
  };
}

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
