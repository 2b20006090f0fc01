/**
 * The stand-in implements part of Electron. Each part is exposed under the full Electron type, so that the application
 * type-checks, behind a guard that throws, with its name, on anything the part does not implement: nothing is silently
 * missing.
 */
import { EventEmitter } from 'node:events';

/**
 * What a part may implement: members of the whole with their own types. A signature that diverges fails the type check.
 */
export type PartOf<Whole> = Partial<Omit<Whole, keyof EventEmitter>>;

/** Names that the language, the runtime or a debugger looks up on any object. */
const QUIET = new Set<PropertyKey>([
  'then',
  'toJSON',
  'constructor',
  'prototype',
  'asymmetricMatch',
  'nodeType',
  'tagName',
]);

/** What still works on a destroyed Electron object: these live in JavaScript, everything else in the native object. */
const SURVIVING = new Set<PropertyKey>(['isDestroyed', ...Object.getOwnPropertyNames(EventEmitter.prototype)]);

/**
 * Exposes `part` as the whole. `absent` lists members that exist only on some platforms and therefore read as
 * undefined. Throws on any other name the part does not have.
 */
export function guard<Whole extends object>(
  name: string,
  part: PartOf<Whole> & object,
  absent: readonly (keyof Whole)[] = [],
): Whole {
  const missing = new Set<PropertyKey>([...QUIET, ...absent]);
  const proxy: object = new Proxy(part, {
    get(target, property, receiver): unknown {
      if (typeof property === 'symbol' || property in target || missing.has(property)) {
        return Reflect.get(target, property, receiver);
      }
      throw notImplemented(name, property);
    },
    set(target, property, value, receiver): boolean {
      if (typeof property === 'symbol' || property in target) return Reflect.set(target, property, value, receiver);
      throw notImplemented(name, property);
    },
  });
  return proxy as Whole;
}

/**
 * Exposes `part` as a whole that can be destroyed: afterwards any access except `isDestroyed` and the event methods
 * throws with `words`, as in Electron. `surviving` lists what else remains readable.
 */
export function guardMortal<Whole extends object>(
  name: string,
  part: PartOf<Whole> & { isDestroyed(): boolean },
  words = 'Object has been destroyed',
  surviving: readonly (keyof Whole)[] = [],
): Whole {
  const inner = guard<Whole>(name, part);
  const survives = (property: PropertyKey): boolean =>
    typeof property === 'symbol' ||
    SURVIVING.has(property) ||
    QUIET.has(property) ||
    surviving.includes(property as keyof Whole);
  const touch = (property: PropertyKey): void => {
    if (!survives(property) && part.isDestroyed()) throw new TypeError(words);
  };
  const methods = new WeakMap<object, unknown>();
  /**
   * Binds a method to the part itself, which may still use its own members after being destroyed; the guard is checked
   * again on each call.
   */
  const onPart = (property: PropertyKey, method: (...args: unknown[]) => unknown): unknown => {
    const known = methods.get(method);
    if (known !== undefined) return known;
    const bound = (...args: unknown[]): unknown => {
      touch(property);
      const result = Reflect.apply(method, part, args);
      return result === part ? outer : result;
    };
    methods.set(method, bound);
    return bound;
  };
  const outer: object = new Proxy(inner, {
    get(target, property, receiver): unknown {
      touch(property);
      const value: unknown = Reflect.get(target, property, receiver);
      const isMethod = typeof value === 'function' && property !== 'constructor';
      return isMethod ? onPart(property, value as (...args: unknown[]) => unknown) : value;
    },
    set(target, property, value): boolean {
      touch(property);
      return Reflect.set(target, property, value);
    },
  });
  return outer as Whole;
}

/** A module or class of Electron that the application does not use: any access throws and names it. */
export function unimplemented(name: string): object {
  const touch = (): never => {
    throw new Error(`The stand-in for Electron does not have ${name}.`);
  };
  // A constructible target, so that `new` reaches the trap.
  return new Proxy(class {}, {
    apply: touch,
    get: (_target, property) => {
      if (typeof property === 'symbol' || QUIET.has(property)) return undefined;
      throw notImplemented(name, property);
    },
    construct: touch,
  });
}

function notImplemented(name: string, property: string): Error {
  return new Error(`The stand-in for Electron does not have ${name}.${property}.`);
}

/** A class of Electron: `make` creates an instance (already guarded), `statics` are its static members. */
export function guardClass<Whole extends abstract new (...args: never[]) => object>(
  name: string,
  make: (...args: ConstructorParameters<Whole>) => InstanceType<Whole>,
  statics: Partial<Omit<Whole, 'prototype'>> & object,
): Whole {
  const proxy: object = new Proxy(function standIn() {}, {
    construct: (_target, args) => make(...(args as ConstructorParameters<Whole>)),
    get(_target, property, receiver): unknown {
      if (typeof property === 'symbol' || property in statics) return Reflect.get(statics, property, receiver);
      if (QUIET.has(property) || property === 'name') return undefined;
      throw notImplemented(name, property);
    },
  });
  return proxy as Whole;
}
