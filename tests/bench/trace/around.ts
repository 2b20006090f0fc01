import type { Disposer } from './recorder.ts';

type Method = (...args: unknown[]) => unknown;

/**
 * Lets `run` stand around a method of an object or a prototype, inherited or its own. `run` may change the arguments, and
 * must call `inner` once to have the method do its work.
 */
export function around<T extends object>(
  target: T,
  name: keyof T & string,
  run: (self: T, args: unknown[], inner: () => unknown) => unknown,
): Disposer {
  const own = Object.getOwnPropertyDescriptor(target, name);
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== 'function') throw new Error(`there is no method ${name} to stand around`);
  const inner = method as Method;
  const outer = function (this: T, ...args: unknown[]): unknown {
    return run(this, args, () => inner.apply(this, args));
  };
  Object.defineProperty(target, name, { value: outer, writable: true, configurable: true, enumerable: false });
  return () => {
    if (own) Object.defineProperty(target, name, own);
    else Reflect.deleteProperty(target, name);
  };
}
