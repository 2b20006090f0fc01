import { describe, expect, test } from 'vitest';
import { statusOf } from '../../../relay/services/views.ts';

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
