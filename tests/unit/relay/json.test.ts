import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../relay/http/json.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('parseJson reads', () => {
  test.each([
    ['{"a":1,"b":{"a":2}}', { a: 1, b: { a: 2 } }],
    ['[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
    ['{"a":"b\\"}{:,","c":"\\\\"}', { a: 'b"}{:,', c: '\\' }],
    ['{"a":"a:b","a:b":"x"}', { a: 'a:b', 'a:b': 'x' }],
    ['"text"', 'text'],
    ['null', null],
    ['{"emoji":"👨‍👩‍👧"}', { emoji: '👨‍👩‍👧' }],
  ])('%s', (text, value) => expect(parseJson(bytes(text))).toEqual(value));
});

describe('parseJson refuses', () => {
  test.each([
    ['nothing', ''],
    ['a text cut off', '{"a":'],
    ['two values', '{} {}'],
    ['a name twice', '{"a":1,"a":2}'],
    ['a name twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a name twice, deep inside', '[{"x":{"b":1,"c":[],"b":2}}]'],
    ['__proto__', '{"__proto__":{"admin":true}}'],
    ['__proto__, escaped', '{"\\u005f_proto__":1}'],
    ['constructor', '{"constructor":{"prototype":{}}}'],
    ['10,000 levels of arrays', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['10,000 levels of objects', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
    ['a byte order mark', '\uFEFF{}'],
  ])('%s', (_what, text) => {
    expect(() => parseJson(bytes(text))).toThrowError(expect.objectContaining({ code: 'bad_request' }));
  });

  test('bytes that are no UTF-8', () => {
    const broken = Uint8Array.of(0x22, 0xc3, 0x28, 0x22);
    expect(() => parseJson(broken)).toThrowError(expect.objectContaining({ code: 'bad_request' }));
  });
});
