import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { snapshot } from '../../../../../electron/main/services/store/ops/chat-operations.ts';
import { page } from '../../../../../electron/main/services/store/ops/page-operations.ts';
import { reach } from '../../../../../electron/main/services/store/ops/reach-operations.ts';
import { arrive, CHAT, history, knowChat, message, NOW, openStore, read, type OpenStore } from '../open-store.ts';

let store: OpenStore;
beforeEach(() => void (store = openStore()));
afterEach(() => store.close());

const latest = (limit = 50) => page(store.context, { chatId: CHAT, anchor: { at: 'latest' }, limit });
const texts = () => latest(200)?.items.map((item) => item.text);

describe('pages and proven ranges', () => {
  it('shows an end only where it was proven', () => {
    knowChat(store.context, { lastMessage: message(100) });
    expect(latest()).toMatchObject({ items: [{ text: 'message 100' }], older: 'gap', newer: 'end' });
    read(store.context, history(51, 100));
    expect(latest(20)).toMatchObject({ items: { length: 20 }, older: 'more', newer: 'end' });
    expect(latest(200)).toMatchObject({ items: { length: 50 }, older: 'gap' });
    read(store.context, history(1, 51), { reachesStart: true });
    expect(latest(200)).toMatchObject({ items: { length: 100 }, older: 'end', newer: 'end' });
  });

  it('never joins two ends silently', () => {
    knowChat(store.context, { lastMessage: message(10) });
    read(store.context, history(1, 10), { reachesStart: true });
    knowChat(store.context, { lastMessage: message(100) });
    read(store.context, history(91, 100));
    expect(latest(200)).toMatchObject({ items: { length: 10 }, older: 'gap' });
    const before = page(store.context, { chatId: CHAT, anchor: { at: 'around', key: message(5).id }, limit: 50 });
    expect(before).toMatchObject({ items: { length: 10 }, older: 'end', newer: 'gap' });
    const stored = read(store.context, history(10, 91));
    expect(stored).toMatchObject({ met: true, starts: true, added: 80 });
    expect(latest(200)).toMatchObject({ items: { length: 100 }, older: 'end' });
  });

  it('extends the live end by events, and pages before, after, around and by date', () => {
    knowChat(store.context, { lastMessage: message(3) });
    read(store.context, history(1, 3), { reachesStart: true });
    arrive(store.context, message(4), message(5), message(5));
    expect(texts()).toEqual([1, 2, 3, 4, 5].map((n) => `message ${n}`));
    const at = (anchor: Parameters<typeof page>[1]['anchor'], limit = 2) =>
      page(store.context, { chatId: CHAT, anchor, limit })?.items.map((item) => item.text);
    expect(at({ at: 'before', key: message(4).id })).toEqual(['message 2', 'message 3']);
    expect(at({ at: 'after', key: message(2).id })).toEqual(['message 3', 'message 4']);
    expect(at({ at: 'around', key: message(3).id }, 3)).toEqual(['message 2', 'message 3', 'message 4']);
    expect(at({ at: 'date', time: NOW + 4000 }, 1)).toEqual(['message 4']);
    expect(at({ at: 'before', key: 'nobody' })).toBeUndefined();
  });

  it('drops what has no author and keeps the rest', () => {
    knowChat(store.context);
    read(store.context, [message(2), message(1, { senderId: null })]);
    expect(texts()).toEqual(['message 2']);
    expect(store.logged).toContain('store.message_dropped');
  });

  it('shows a placeholder for a row that makes no sense', () => {
    knowChat(store.context);
    arrive(store.context, message(1));
    store.context.sql.run("UPDATE messages SET content = x'00ff', state = 'nonsense', problem = 'nonsense'");
    store.context.sql.run("UPDATE chats SET participants = '{'");
    expect(latest()?.items[0]).toMatchObject({ text: '', state: null, problem: null });
    expect(snapshot(store.context, { now: NOW, limit: 100 }).chats[0]).toMatchObject({ participants: [], title: CHAT });
  });

  it.each([
    ['infinity', '9e999'],
    ['a word', "'infinity'"],
  ])('shows what is here beside an interval that begins at %s', (_name, value) => {
    knowChat(store.context, { lastMessage: message(3) });
    read(store.context, history(1, 3), { reachesStart: true });
    const damage = `INSERT INTO ranges (chat_id, from_at, from_tie, to_at, to_tie, starts) VALUES (?, ${value}, 'x', ${value}, 'x', 0)`;
    store.context.sql.run(damage, CHAT);
    expect(latest()).toMatchObject({ items: { length: 3 }, older: 'end', newer: 'end' });
    arrive(store.context, message(4));
    expect(texts()).toEqual([1, 2, 3, 4].map((n) => `message ${n}`));
    const asked = { query: null, chatId: CHAT, spareUnread: false, aside: [], mostOfAChat: null };
    expect(reach(store.context, asked)).toMatchObject({ chats: 1, complete: 1 });
  });
});
