import { describe, expect, it } from 'vitest';
import { plainDataProblem } from '../../../../electron/main/ipc/plain-data.ts';

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = { a: value };
  return value;
}

describe('plain data', () => {
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a long text', 'x'.repeat(1_000_000)],
    ['an object', { a: [1, 'b', null, true, { c: undefined }] }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['NaN', Number.NaN],
    ['ten levels', nested(10)],
    ['a piece of a file', { chunk: new Uint8Array(1024 * 1024) }],
  ])('takes %s', (_what, value) => {
    expect(plainDataProblem(value)).toBeNull();
  });

  it.each([
    ['a longer text', 'x'.repeat(1_200_000)],
    ['many texts', Array.from({ length: 12 }, () => 'x'.repeat(100_000))],
    ['long keys', { ['k'.repeat(1_200_000)]: 1 }],
    ['a long list', new Array(20_000).fill(0)],
    ['an empty list of ten million', new Array(10_000_000)],
    ['a wide object', Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`k${String(n)}`, n]))],
    ['a deep object', nested(50)],
    ['a date', new Date()],
    ['a map', new Map()],
    ['more bytes than a piece', new Uint8Array(1024 * 1024 + 1)],
    ['many pieces', [new Uint8Array(1024 * 1024), new Uint8Array(1)]],
    ['other numbers', new Float64Array(4)],
    ['a buffer', new ArrayBuffer(4)],
    ['an expression', /x/],
    ['an error', new Error('x')],
    ['a big number', 10n],
    ['a class', new (class Thing {})()],
    ['a date inside', { a: { b: [new Date()] } }],
  ])('refuses %s', (_what, value) => {
    expect(plainDataProblem(value)).not.toBeNull();
  });

  it('ends on a value that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(plainDataProblem(loop)).toBe('too deep');
  });
});
