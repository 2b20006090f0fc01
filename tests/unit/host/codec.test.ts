import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CloneError, decode, encode } from '../../../host/wire/codec.ts';

const there = (value: unknown): unknown => decode(encode(value));

describe('values that cross', () => {
  const circle: { name: string; self?: unknown } = { name: 'circle' };
  circle.self = circle;
  const shared = { a: 1 };
  const sparse: unknown[] = [];
  sparse[3] = 'three';
  const table: [string, unknown][] = [
    ['undefined', undefined],
    ['null', null],
    ['text', 'naïve — 🎧'],
    ['a lone surrogate', '\ud800'],
    ['NaN', Number.NaN],
    ['infinities', [Infinity, -Infinity]],
    ['minus zero', -0],
    ['a big integer', 2n ** 80n],
    ['a date', new Date(123_456)],
    ['an invalid date', new Date(Number.NaN)],
    ['a regular expression', /a+\/b/giu],
    [
      'a map',
      new Map<unknown, unknown>([
        ['k', { v: undefined }],
        [{ k: 1 }, 2],
      ]),
    ],
    ['a set', new Set([1, 'two', Number.NaN])],
    ['bytes', new Uint8Array([0, 127, 255])],
    ['a view into a buffer', new Int16Array(new Uint8Array([1, 2, 3, 4, 5, 6]).buffer, 2, 2)],
    ['a buffer', new Uint8Array([9, 8]).buffer],
    ['an undefined field', { a: undefined, b: [undefined] }],
    ['a sparse array', sparse],
    ['a boxed number', Object(5)],
    ['a key named __proto__', JSON.parse('{"__proto__": {"polluted": 1}, "x": 2}')],
    ['deep', { a: { b: { c: [{ d: new Map([[1, new Set([circle.name])]]) }] } } }],
  ];
  it.each(table)('%s', (_name, value) => {
    expect(there(value)).toEqual(value);
  });

  it('keeps circles, and one object as one', () => {
    const copy = there(circle) as typeof circle;
    expect(copy.self).toBe(copy);
    const [first, second] = there([shared, shared]) as [object, object];
    expect(first).toBe(second);
  });

  it('keeps the difference between a hole and undefined', () => {
    expect(Object.keys(there(sparse) as object)).toEqual(['3']);
    expect(Object.keys(there([undefined]) as object)).toEqual(['0']);
  });

  it('does not let a key named __proto__ become a prototype', () => {
    const copy = there(JSON.parse('{"__proto__": {"polluted": 1}, "u": null}')) as object;
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect('polluted' in copy).toBe(false);
  });

  it('keeps an error with its kind, message and cause', () => {
    const error = new TypeError('outer', { cause: new RangeError('inner') });
    const copy = there(error) as TypeError;
    expect(copy).toBeInstanceOf(TypeError);
    expect(copy.message).toBe('outer');
    expect(copy.cause).toBeInstanceOf(RangeError);
  });

  it('loses prototypes and calls getters, as the algorithm says', () => {
    class Point {
      x = 1;
      get y(): number {
        return 2;
      }
    }
    expect(there(new Point())).toEqual({ x: 1 });
    expect(Object.getPrototypeOf(there(new Point()))).toBe(Object.prototype);
    const withGetter = Object.defineProperty({}, 'z', { enumerable: true, get: () => 3 });
    expect(there(withGetter)).toEqual({ z: 3 });
  });

  it('is the structured clone of anything', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withNullPrototype: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        expect(there(value)).toEqual(structuredClone(value));
      }),
      { numRuns: 500 },
    );
  });

  it('uses JSON where JSON is exact', () => {
    expect(encode({ a: [1, 'x', null, true] })).toBe('J{"a":[1,"x",null,true]}');
  });
});

describe('values that do not cross', () => {
  const table: [string, unknown][] = [
    ['a function', () => 1],
    ['a function in a field', { run: () => 1 }],
    ['a symbol', Symbol('s')],
    ['a promise', Promise.resolve(1)],
    ['a weak map', new WeakMap()],
    ['a proxy', new Proxy({}, {})],
    ['a blob', new Blob(['x'])],
    ['a method in a map', new Map([['k', () => 1]])],
  ];
  it.each(table)('%s', (_name, value) => {
    expect(() => encode(value)).toThrow(CloneError);
  });

  it('passes the error of a getter on', () => {
    const value = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new RangeError('mine');
      },
    });
    expect(() => encode(value)).toThrow(RangeError);
  });
});

describe('texts that are no values', () => {
  it.each(['', 'X1', 'T{}', 'T[["v","Function",1,0,1],["b",""]]', 'T[["?"]]', 'T[["o","a",7]]', 'Jnot json'])(
    '%s',
    (text) => {
      expect(() => decode(text)).toThrow();
    },
  );
});
