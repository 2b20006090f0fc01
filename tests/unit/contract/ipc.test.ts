import { describe, expect, it } from 'vitest';
import { CHANNEL_NAMES } from '#contract/ipc/channels.ts';
import { CHANNEL_SCHEMAS } from '#contract/ipc/schemas.ts';
import { ERROR_CODES } from '#contract/model/errors.ts';
import { ServerFrame } from '#contract/ws/server-frames.ts';

describe('the channels', () => {
  it('are listed once each, with a schema for argument and result', () => {
    expect([...CHANNEL_NAMES].sort()).toEqual(Object.keys(CHANNEL_SCHEMAS).sort());
    expect(new Set(CHANNEL_NAMES).size).toBe(CHANNEL_NAMES.length);
    for (const name of CHANNEL_NAMES) expect(name).toMatch(/^[a-z]+\.[a-zA-Z]+$/);
  });

  it.each(CHANNEL_NAMES)('%s refuses what is no object', (name) => {
    for (const input of [undefined, null, 0, '', 'text', [], () => 1, Symbol('x')]) {
      expect(CHANNEL_SCHEMAS[name].input.safeParse(input).success).toBe(false);
    }
  });

  it('carry each error code once', () => {
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
  });
});

describe('server frames', () => {
  it.each([
    [{ type: '__proto__', data: {} }],
    [{ type: 'message:new' }],
    [{ type: 'message:new', data: { id: 1 } }],
    [{ type: 'message:status', data: { messageId: 'm', chatId: 'c', status: 'eaten' } }],
    [{ data: {} }],
    [[]],
    [null],
  ])('refuse %j', (frame) => {
    expect(ServerFrame.safeParse(frame).success).toBe(false);
  });

  it('take the published shapes with fields nobody knows', () => {
    expect(
      ServerFrame.safeParse({ type: 'auth:success', data: { userId: 'u', username: 'n', plan: 'gold' } }).success,
    ).toBe(true);
    expect(
      ServerFrame.safeParse({ type: 'call:offer', callId: 'c', offer: { type: 'offer', sdp: 'v=0' } }).success,
    ).toBe(true);
    expect(ServerFrame.safeParse({ type: 'typing:stop', data: { chatId: 'c', userId: 'u' } }).success).toBe(true);
  });
});
