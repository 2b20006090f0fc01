/**
 * The stand-in implements a part of Electron. A part is handed out as the whole, so that the application's types hold,
 * behind a guard that throws with the name of anything the part does not have: nothing is silently absent.
 */
import { EventEmitter } from 'node:events';

/** What a part may hold: members of the whole with the whole's own types. A signature that drifts fails the type check. */
export type PartOf<Whole> = Partial<Omit<Whole, keyof EventEmitter>>;

/** Names that the language, the runtime or a debugger asks of any object. */
const QUIET = new Set<PropertyKey>([
  'then',
  'toJSON',
  'constructor',
  'prototype',
  'asymmetricMatch',
  'nodeType',
  'tagName',
]);

/** What a destroyed object of Electron still answers: these live in JavaScript, the rest in the native object. */
const SURVIVING = new Set<PropertyKey>(['isDestroyed', ...Object.getOwnPropertyNames(EventEmitter.prototype)]);

/**
 * Presents `part` as the whole. `absent` names members that the whole itself has on some platforms only, and which
 * therefore read as undefined. Throws on any other name that the part does not have.
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
 * Presents `part` as a whole that can be destroyed: from then on every touch but `isDestroyed` and the events throws
 * with `words`, as Electron's does. `surviving` names what else can still be read.
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
  /** On the part itself, which may go on while it is destroyed; asked again when it is called. */
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

/** A module or class of Electron that the application does not use: any touch throws with its name. */
export function unimplemented(name: string): object {
  const touch = (): never => {
    throw new Error(`The stand-in for Electron does not have ${name}.`);
  };
  // A target that can be constructed, so that `new` reaches the trap.
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

/** A class of Electron: `make` builds an instance (already guarded), `statics` are its static members. */
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
