/** Messages whose time cannot be true: they stand where the server's order puts them, once and for all. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../../../contract/api/message.ts';
import { chat, markRead } from '../../../../electron/main/services/store/ops/chat-operations.ts';
import { page } from '../../../../electron/main/services/store/ops/page-operations.ts';
import {
  arrive,
  CHAT,
  history,
  knowChat,
  ME,
  message,
  NOW,
  openStore,
  read,
  tell,
  type OpenStore,
} from './open-store.ts';

const TIMES = ['9999-12-31T23:59:59.999Z', '2031-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z'];

let store: OpenStore;
beforeEach(() => {
  store = openStore();
  knowChat(store.context);
});
afterEach(() => store.close());

const items = () => page(store.context, { chatId: CHAT, anchor: { at: 'latest' }, limit: 100 })?.items ?? [];
const order = () => items().map(({ id }) => id);
const view = () => chat(store.context, { chatId: CHAT, now: NOW });
const ids = (...list: Message[]) => list.map(({ id }) => id);

describe.each(TIMES)('a message of %s', (createdAt) => {
  const odd = message(3, { id: 'odd', createdAt });

  it('comes last when it comes, and two honest ones come after it', () => {
    arrive(store.context, message(1), message(2));
    arrive(store.context, odd);
    expect(view()).toMatchObject({ unread: 3, last: { key: 'odd' }, activityAt: NOW + 2000 });
    arrive(store.context, message(4), message(5));
    expect(order()).toEqual(ids(message(1), message(2), odd, message(4), message(5)));
    expect(view()).toMatchObject({ unread: 5, last: { key: message(5).id } });
    expect(items()[2]?.createdAt).toBe(Date.parse(createdAt));
    markRead(store.context, { chatId: CHAT, messageId: 'odd', now: NOW });
    expect(view()?.unread).toBe(2);
  });

  it('is not moved by the history, and takes the place that the history gives it', () => {
    arrive(store.context, message(1), odd, message(4));
    const before = order();
    const stored = read(store.context, [message(4), odd, message(1)], { reachesStart: true });
    expect(order()).toEqual(before);
    expect(stored).toMatchObject({ starts: true, oldest: { id: message(1).id }, newest: { id: message(4).id } });
    const fresh = openStore();
    knowChat(fresh.context);
    read(fresh.context, [message(5), message(4), { ...odd, id: 'o2' }, odd, message(2)], { reachesStart: true });
    const shown = page(fresh.context, { chatId: CHAT, anchor: { at: 'latest' }, limit: 10 });
    expect(shown?.items.map(({ id }) => id)).toEqual([message(2).id, 'odd', 'o2', message(4).id, message(5).id]);
    expect(shown).toMatchObject({ older: 'end', newer: 'end' });
    fresh.close();
  });

  it('alone, or among many of its kind, keeps the order of the server', () => {
    const odds = Array.from({ length: 20 }, (_, n) => message(n, { id: `o${String(n).padStart(2, '0')}`, createdAt }));
    const newest = read(store.context, odds.slice(10).reverse());
    read(store.context, odds.slice(0, 10).reverse(), { beside: newest.oldest, reachesStart: true });
    expect(order()).toEqual(ids(...odds));
    arrive(store.context, message(100));
    expect(order().at(-1)).toBe(message(100).id);
    expect(page(store.context, { chatId: CHAT, anchor: { at: 'latest' }, limit: 100 })?.older).toBe('end');
  });

  it('as the answer to what was written here stands where it was sent', () => {
    arrive(store.context, message(1));
    arrive(store.context, { ...odd, senderId: ME }, message(4));
    expect(order()).toEqual(ids(message(1), odd, message(4)));
  });
});

it('a chat dated years ahead does not stay on top of the list', () => {
  knowChat(store.context, { createdAt: TIMES[0], lastMessage: message(1) });
  expect(view()?.activityAt).toBe(NOW + 1000);
});

it('the server’s clock decides what is ahead, not ours', () => {
  arrive(store.context, message(1));
  const late = message(3600);
  store.context.clock.ahead = 3_600_000;
  arrive(store.context, late);
  expect(items().at(-1)?.position).toEqual({ at: Date.parse(late.createdAt), tie: late.id });
  store.context.clock.ahead = 0;
  tell(store.context, { type: 'message:new', data: message(7200) });
  expect(items().at(-1)?.position.at).toBeLessThan(Date.parse(late.createdAt) + 1);
  expect(history(1, 1)).toHaveLength(1);
});
