import { expect, it } from 'vitest';
import type { PushEvent } from '../../../../contract/ipc/push.ts';
import { PageInterest } from '../../../../electron/main/ipc/page-interest.ts';

const news = (accountId: string, chatId: string): PushEvent => ({
  accountId,
  event: { kind: 'messages', chatId, upserts: [], removed: [] },
});

it('a page hears messages of the chats that it has asked for, in the account where it did, until it is gone', () => {
  const interest = new PageInterest();
  expect(interest.wants(news('a', 'c1'))).toBe(false);
  interest.add('a', 'c1');
  interest.add('a', 'c2');
  expect(
    [news('a', 'c1'), news('a', 'c2'), news('a', 'c3'), news('b', 'c1')].map((push) => interest.wants(push)),
  ).toEqual([true, true, false, false]);
  interest.clear();
  expect(interest.wants(news('a', 'c1'))).toBe(false);
});

it('everything else is always told', () => {
  const interest = new PageInterest();
  expect(interest.wants({ kind: 'unread', unread: { messages: 1, chats: 1 } })).toBe(true);
  expect(interest.wants({ accountId: 'a', event: { kind: 'messages:stale', chatId: 'c1' } })).toBe(true);
});
