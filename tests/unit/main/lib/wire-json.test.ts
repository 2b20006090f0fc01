import { describe, expect, it } from 'vitest';
import { parseWireJson } from '../../../../electron/main/lib/wire-json.ts';

describe('JSON of a server', () => {
  it.each([
    ['plain text', '{"a":"ä \\" \\\\ud800"}', { a: 'ä " \\ud800' }],
    ['a whole pair in escapes', '{"a":"\\ud83d\\udc4d"}', { a: '👍' }],
    ['half a pair', '{"a":"x\\uD83Dy"}', { a: 'x\uFFFDy' }],
    ['the other half', '["\\udc4d"]', ['\uFFFD']],
    ['NUL', '{"a":{"b":["x\\u0000y"]}}', { a: { b: ['x\uFFFDy'] } }],
  ])('holds %s as what can be stored', (_what, text, value) => {
    expect(parseWireJson(text)).toEqual(value);
  });

  it('that is none is refused', () => {
    expect(() => parseWireJson('{"a":"\\u0000"')).toThrow(SyntaxError);
  });
});
