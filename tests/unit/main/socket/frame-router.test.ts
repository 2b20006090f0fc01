import { describe, expect, it } from 'vitest';
import { ServerFrame } from '../../../../contract/ws/server-frames.ts';
import { routeFrame } from '../../../../electron/main/services/socket/frame-router.ts';

const message = {
  id: 'm1',
  chatId: 'c1',
  senderId: 'u1',
  content: 'Hello',
  createdAt: '2026-01-01T00:00:00.000Z',
  status: 'sent',
  attachments: [],
  reactions: [],
};
const call = { id: 'k1', chatId: 'c1' };

/** One frame of each type, as a server sends it, and where it goes. */
const FRAMES: Record<ServerFrame['type'], { to: string | null; data?: unknown; more?: object }> = {
  'auth:success': { to: null, data: { userId: 'u1', username: 'me' } },
  'auth:error': { to: null, data: { message: 'no' } },
  'message:new': { to: 'sync', data: message },
  'message:status': { to: 'sync', data: { messageId: 'm1', status: 'read', chatId: 'c1' } },
  'reaction:new': {
    to: 'sync',
    data: { messageId: 'm1', chatId: 'c1', reaction: { id: 'r', emoji: '👍', userId: 'u' } },
  },
  'reaction:removed': { to: 'sync', data: { messageId: 'm1', chatId: 'c1', reactionId: 'r' } },
  'chat:read': { to: 'sync', data: { chatId: 'c1', messageId: 'm1', unreadCount: 0 } },
  presence: { to: 'sync', data: { userId: 'u1', online: true } },
  'typing:start': { to: 'typing', data: { chatId: 'c1', userId: 'u1' } },
  'typing:stop': { to: 'typing', data: { chatId: 'c1', userId: 'u1' } },
  'call:incoming': {
    to: 'calls',
    data: { ...call, type: 'audio', initiator: { id: 'u1', username: 'ada', firstName: 'Ada', lastName: 'Example' } },
  },
  'call:ended': { to: 'calls', data: { ...call, status: 'ended' } },
  'call:offer': { to: 'calls', more: { callId: 'k1', offer: { type: 'offer', sdp: 'v=0' } } },
  'call:answer': { to: 'calls', more: { callId: 'k1', answer: { type: 'answer', sdp: 'v=0' } } },
  'call:ice-candidate': {
    to: 'calls',
    more: { callId: 'k1', candidate: { candidate: 'x', sdpMid: '0', sdpMLineIndex: 0 } },
  },
  error: { to: 'refused', data: { code: 'rate_limited', message: 'slower' } },
};

describe('a frame of the server', () => {
  it.each(Object.entries(FRAMES))('%s goes where it belongs, once', (type, { to, data, more }) => {
    const frame = ServerFrame.parse({ type, ...(data === undefined ? {} : { data }), ...more });
    const reached: [string, number | undefined][] = [];
    const take =
      (route: string) =>
      (taken: ServerFrame, chars?: number): void => {
        expect(taken).toBe(frame);
        reached.push([route, chars]);
      };
    routeFrame(frame, 123, {
      sync: take('sync'),
      typing: take('typing'),
      calls: take('calls'),
      refused: take('refused'),
    });
    expect(reached.map(([route]) => route)).toEqual(to === null ? [] : [to]);
    if (to === 'sync') expect(reached[0]?.[1]).toBe(123);
  });
});
