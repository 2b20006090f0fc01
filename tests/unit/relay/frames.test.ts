import { describe, expect, test } from 'vitest';
import { parseFrame } from '../../../relay/ws/frames.ts';

const parse = (text: string) => parseFrame(new TextEncoder().encode(text));

test('a frame of the contract is read, unknown fields are left out', () => {
  const text = JSON.stringify({ type: 'typing:start', data: { chatId: 'c1', more: 1 }, other: 2 });
  expect(parse(text)).toEqual({ ok: true, frame: { type: 'typing:start', data: { chatId: 'c1' } } });
});

describe('bytes that are no frame end the connection', () => {
  test.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no type', '{}'],
    ['a type that is a number', '{"type":1}'],
    ['a type twice', '{"type":"auth","type":"message:send"}'],
    ['a prototype', '{"type":"auth","__proto__":{}}'],
  ])('%s', (_what, text) => expect(parse(text)).toEqual({ ok: false, fatal: true }));
});

describe('a frame that does not fit is refused with its key', () => {
  test.each([
    ['an unknown type', { type: '__proto__' }, 'bad_request', undefined],
    ['a server’s frame', { type: 'message:new', data: { id: 'm', clientId: 'k1' } }, 'bad_request', undefined],
    ['no data', { type: 'message:send' }, 'validation', undefined],
    [
      'an empty text',
      { type: 'message:send', data: { chatId: 'c1', content: '', clientId: 'k1' } },
      'validation',
      { content: 'required' },
    ],
    ['no chat', { type: 'typing:start', data: { chatId: { $gt: 0 } } }, 'validation', { chatId: 'invalid' }],
    [
      'a key that is none',
      { type: 'message:send', data: { chatId: 'c1', content: 'x', clientId: 'a b' } },
      'validation',
      { clientId: 'invalid' },
    ],
  ])('%s', (_what, json, code, fields) => {
    const parsed = parse(JSON.stringify(json));
    if (parsed.ok || parsed.fatal) throw new Error('expected a refusal');
    expect(parsed.error).toMatchObject({ code, fields });
    expect(parsed.clientId).toBe(JSON.stringify(json).includes('"k1"') ? 'k1' : null);
  });
});
