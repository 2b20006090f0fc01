import { describe, expect, it } from 'vitest';
import { createContextBridge } from '../../../host/page/context-bridge.ts';

interface Api {
  give(value: unknown): unknown;
  call(run: (value: unknown) => unknown): unknown;
  answer(): unknown;
  nested: { list: [number, { deep: boolean }] };
}

let inside: unknown;
/** What the page sees of an API whose `answer` gives `value`. */
function exposed(value?: unknown): Api {
  const window: { api?: Api } = {};
  createContextBridge(window).exposeInMainWorld('api', {
    give: (given: unknown) => {
      inside = given;
      return typeof given;
    },
    call: (run: (value: unknown) => unknown) => run({ at: 1 }),
    answer: () => value,
    nested: { list: [1, { deep: true }] },
  });
  if (!window.api) throw new Error('nothing was exposed');
  return window.api;
}

/** Gives a value through the bridge; answers what arrived. */
function given(value: unknown): unknown {
  exposed().give(value);
  return inside;
}

class Point {
  x = 1;
  get y(): number {
    return 2;
  }
}
const withGetter = Object.defineProperty({}, 'z', { enumerable: true, get: () => 3 });
const sparse: unknown[] = [];
sparse[1] = 'second';

describe('what crosses a bridge', () => {
  const kept: [string, unknown, unknown][] = [
    ['undefined', { a: undefined }, { a: undefined }],
    ['a date', new Date(5), new Date(5)],
    ['a map', new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]])],
    ['bytes', new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    ['an object of a class as its fields', new Point(), { x: 1 }],
    ['a getter as its value', withGetter, { z: 3 }],
    ['a list with a hole', sparse, [undefined, 'second']],
    ['a list without what else hangs on it', Object.assign([1], { extra: 2 }), [1]],
    ['a key that is a symbol not at all', { [Symbol('s')]: 1, a: 1 }, { a: 1 }],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
  ];
  it.each(kept)('%s', (_name, value, expected) => {
    expect(given(value)).toStrictEqual(expected);
  });

  it('an error by its message alone', () => {
    const error = given({ error: new TypeError('mine') }) as { error: Error };
    expect(error.error.message).toBe('mine');
    expect(Object.getPrototypeOf(error.error)).toBe(Error.prototype);
  });

  it('a circle', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const copy = given(circle) as typeof circle;
    expect(copy.self).toBe(copy);
    expect(copy).not.toBe(circle);
  });

  const refused: [string, unknown][] = [
    ['a proxy', new Proxy({}, {})],
    ['a proxy of a list', new Proxy([1], {})],
    ['a proxy inside', { list: [new Proxy([1], {})] }],
    ['a symbol', { s: Symbol('s') }],
    ['a function inside', { run: () => 1 }],
    ['a promise', { later: Promise.resolve() }],
    ['a weak map', new WeakMap()],
  ];
  it.each(refused)('never %s, neither in nor out', (_name, value) => {
    expect(() => given(value)).toThrow('could not be cloned');
    expect(() => exposed(value).answer()).toThrow('could not be cloned');
  });

  it('rejects where a promised result cannot cross', async () => {
    await expect(exposed(Promise.resolve(new Proxy({}, {}))).answer()).rejects.toThrow('could not be cloned');
    await expect(exposed(Promise.reject(new RangeError('mine'))).answer()).rejects.toThrow('mine');
    expect(await exposed(Promise.resolve({ a: 1 })).answer()).toEqual({ a: 1 });
  });

  it('copies what a function of the page is given', () => {
    let heard: unknown;
    expect(exposed().call((value) => (heard = value) && [new Date(1)])).toEqual([new Date(1)]);
    expect(heard).toEqual({ at: 1 });
    expect(() => exposed().call(() => new Proxy({}, {}))).toThrow('could not be cloned');
  });

  it('freezes what is exposed, once', () => {
    const window: Record<string, { nested?: object }> = {};
    const bridge = createContextBridge(window);
    bridge.exposeInMainWorld('api', { nested: { deep: [1] } });
    expect(Object.isFrozen(window['api']?.nested)).toBe(true);
    expect(Reflect.set(window, 'api', null)).toBe(false);
    expect(() => bridge.exposeInMainWorld('api', {})).toThrow('Cannot bind an API');
  });
});
