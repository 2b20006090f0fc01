import { expect, test } from 'vitest';
import { cursorOf, placeOf } from '../../../relay/services/chat-cursor.ts';
import { routeOf } from '../../../contract/routes.ts';

test.each([
  [0, 'a'],
  [1_790_000_000_000, 'clx1234567890abcdefgh'],
  [Number.MAX_SAFE_INTEGER, '_-'.repeat(32)],
])('the place %d %s comes back, and its cursor is one of the contract', (updatedAt, id) => {
  const cursor = cursorOf({ updatedAt, id });
  expect(placeOf(cursor)).toEqual({ updatedAt, id });
  expect(routeOf('chats').query?.safeParse({ cursor }).success).toBe(true);
});

test.each([
  '',
  '_',
  'a',
  '_a',
  'a_',
  'A_b',
  '-1_b',
  '1.5_b',
  `${'z'.repeat(11)}_a`,
  `1_${'x'.repeat(65)}`,
  '1_a b',
  '1_a\n',
])('%j is no cursor', (text) => expect(placeOf(text)).toBeNull());
