import { describe, expect, test } from 'vitest';
import type { Message } from '../../../contract/api/message.ts';
import { LIMITS } from '../../../contract/model/limits.ts';
import { shortened, statusOf } from '../../../relay/services/views.ts';

const member = (userId: string, deliveredAt: number, readAt: number) => ({ userId, deliveredAt, readAt });
const message = { senderId: 'me', createdAt: 100 };

describe('how far a message has come', () => {
  test.each([
    ['nobody got anything', [member('a', 0, 0)], 'sent'],
    ['just before it', [member('a', 99, 99)], 'sent'],
    ['delivered up to it', [member('a', 100, 99)], 'delivered'],
    ['read up to it', [member('a', 100, 100)], 'read'],
    ['read beyond it', [member('a', 500, 400)], 'read'],
    ['one of two has it', [member('a', 100, 0), member('b', 99, 0)], 'sent'],
    ['both have it, one read it', [member('a', 100, 100), member('b', 100, 0)], 'delivered'],
    ['nobody else is in the chat', [], 'sent'],
  ] as const)('%s: %s', (_what, others, status) => {
    expect(statusOf(message, [member('me', 0, 0), ...others])).toBe(status);
  });
});

describe('a message shortened for the list of chats', () => {
  const whole: Message = { id: 'm', chatId: 'c', content: 'hello', createdAt: '2026-01-01T00:00:00.000Z' };
  const quote = { id: 'q', content: 'quoted' };
  const reaction = { id: 'r', emoji: '👍', userId: 'u' };
  const { max } = LIMITS.lastMessage;
  test.each<[string, Partial<Message>, Partial<Message>]>([
    ['a short one stays as it is', { replyTo: null, reactions: [] }, { replyTo: null, reactions: [] }],
    ['exactly at the limit', { content: 'x'.repeat(max) }, { content: 'x'.repeat(max) }],
    ['one past it', { content: 'x'.repeat(max + 1) }, cut({ content: 'x'.repeat(max) })],
    ['emoji count as one each', { content: '😀'.repeat(max) }, { content: '😀'.repeat(max) }],
    ['and are never halved', { content: `x${'😀'.repeat(max)}` }, cut({ content: `x${'😀'.repeat(max - 1)}` })],
    ['with a quote', { replyTo: quote, replyToId: 'q' }, cut({ replyToId: 'q' })],
    ['with reactions', { reactions: [reaction] }, cut({})],
  ])('%s', (_what, change, expected) => {
    expect(shortened({ ...whole, ...change })).toEqual({ ...whole, ...expected });
  });
  function cut(change: Partial<Message>): Partial<Message> {
    return { replyTo: null, reactions: [], shortened: true, ...change };
  }
});
