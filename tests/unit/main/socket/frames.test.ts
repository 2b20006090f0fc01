import { describe, expect, it } from 'vitest';
import { readFrame } from '../../../../electron/main/services/socket/frames.ts';

describe('a frame of the server', () => {
  it('is read when it fits', () => {
    const read = readFrame(JSON.stringify({ type: 'typing:start', data: { chatId: 'c1', userId: 'u1', more: 1 } }));
    expect(read).toEqual({ ok: true, frame: { type: 'typing:start', data: { chatId: 'c1', userId: 'u1' } } });
  });

  it.each([
    ['', 'unknown'],
    ['{', 'unknown'],
    ['null', 'unknown'],
    ['[]', 'unknown'],
    ['"auth:success"', 'unknown'],
    ['{"type":5}', 'unknown'],
    ['{"type":"__proto__"}', 'unknown'],
    ['{"type":"constructor","data":{}}', 'unknown'],
    ['{"type":"secret words"}', 'unknown'],
    ['{"type":"message:new"}', 'message:new'],
    [
      '{"type":"message:new","data":{"id":"m1","chatId":"c1","content":5,"createdAt":"2026-01-01T00:00:00Z"}}',
      'message:new',
    ],
    ['{"type":"message:status","data":{"messageId":"m","chatId":"c","status":"secret words"}}', 'message:status'],
    ['{"type":"auth:success","data":{"userId":1e400,"username":"x"}}', 'auth:success'],
    ['{"type":"presence","data":{"userId":"u","online":"yes"}}', 'presence'],
  ])('%s is refused with its kind and without its words', (text, type) => {
    const read = readFrame(text);
    expect(read).toMatchObject({ ok: false, type });
    expect(JSON.stringify(read)).not.toContain('secret');
  });
});
