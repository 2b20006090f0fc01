import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  chat,
  chatList,
  markRead,
  opened,
  organise,
  snapshot,
  unreportedReads,
} from '../../../../../electron/main/services/store/ops/chat-operations.ts';
import { adoptReads, applyChats } from '../../../../../electron/main/services/store/ops/event-operations.ts';
import { page } from '../../../../../electron/main/services/store/ops/page-operations.ts';
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
} from '../open-store.ts';

let store: OpenStore;
beforeEach(() => void (store = openStore()));
afterEach(() => store.close());

const latest = (limit = 50) => page(store.context, { chatId: CHAT, anchor: { at: 'latest' }, limit });
const unread = () => chat(store.context, { chatId: CHAT, now: NOW })?.unread;

describe('unread', () => {
  it('takes the server’s number until the history tells where the mark stands', () => {
    knowChat(store.context, { lastMessage: message(100), unreadCount: 30 });
    expect(unread()).toBe(30);
    arrive(store.context, message(101));
    expect(unread()).toBe(31);
    read(store.context, history(60, 101));
    expect(unread()).toBe(31);
    expect(latest()?.readUpTo).toBe(message(70).id);
    expect(
      page(store.context, { chatId: CHAT, anchor: { at: 'unread' }, limit: 10 })?.items.map(({ id }) => id),
    ).toContain(message(71).id);
    markRead(store.context, { chatId: CHAT, messageId: message(90).id, now: NOW });
    expect(unread()).toBe(11);
    expect(unreportedReads(store.context, {})).toEqual([{ chatId: CHAT, messageId: message(90).id, newer: 11 }]);
    markRead(store.context, { chatId: CHAT, messageId: message(80).id, now: NOW });
    expect(unread()).toBe(11);
  });

  it('does not count own messages, nor the same one twice', () => {
    knowChat(store.context);
    arrive(store.context, message(1), message(1), message(2, { senderId: ME }), message(3));
    expect(unread()).toBe(2);
    read(store.context, history(1, 3), {});
    expect(unread()).toBe(2);
  });

  it('follows what was read on another device, only forward', () => {
    knowChat(store.context);
    arrive(store.context, ...[1, 2, 3, 4].map((n) => message(n)));
    tell(store.context, { type: 'chat:read', data: { chatId: CHAT, messageId: message(3).id, unreadCount: 1 } });
    expect(unread()).toBe(1);
    adoptReads(store.context, { chats: [{ chatId: CHAT, unread: 4, lastId: message(4).id }], now: NOW });
    expect(unread()).toBe(1);
    arrive(store.context, message(5));
    // The list of chats was made before message 5: its count says nothing of it.
    adoptReads(store.context, { chats: [{ chatId: CHAT, unread: 0, lastId: message(4).id }], now: NOW });
    expect(unread()).toBe(1);
  });

  it('gives the list in pieces: pinned first, then the newest, each chat once, and what is unread over all', () => {
    const ids = Array.from({ length: 7 }, (_, n) => `chat${String(n)}`);
    for (const [n, id] of ids.entries()) {
      knowChat(store.context, { id, updatedAt: new Date(NOW - n * 1000).toISOString(), unreadCount: n });
    }
    organise(store.context, { chatId: 'chat6', pinned: true, now: NOW });
    const first = snapshot(store.context, { now: NOW, limit: 3 });
    expect(first.chats.map(({ id }) => id).sort()).toEqual(['chat0', 'chat1', 'chat6']);
    expect(first.more).toBe(true);
    expect(first.counts.length).toBe(first.unread.chats);
    const seen = first.chats.map(({ id }) => id);
    for (let piece = first; piece.more;) {
      const [last] = piece.chats.toSorted(
        (x, y) => Number(x.pinned) - Number(y.pinned) || x.activityAt - y.activityAt || (x.id < y.id ? 1 : -1),
      );
      if (!last) throw new Error('an empty piece with more behind it');
      const next = chatList(store.context, { now: NOW, after: last, limit: 3 });
      expect(next.chats.length).toBeLessThanOrEqual(3);
      seen.push(...next.chats.map(({ id }) => id));
      piece = { ...piece, ...next };
    }
    expect(seen.toSorted()).toEqual(ids);
  });

  it('remembers the chat that was opened last, as long as it is there', () => {
    expect(opened(store.context, { chatId: 'stranger', now: NOW })).toBeNull();
    expect(snapshot(store.context, { now: NOW, limit: 1 }).lastChatId).toBeNull();
    for (const id of ['first', 'second']) {
      knowChat(store.context, { id });
      expect(opened(store.context, { chatId: id, now: NOW })).not.toBeNull();
    }
    expect(snapshot(store.context, { now: NOW, limit: 1 }).lastChatId).toBe('second');
    store.context.sql.run('DELETE FROM chats WHERE id = ?', 'second');
    expect(snapshot(store.context, { now: NOW, limit: 1 }).lastChatId).toBeNull();
  });

  it('sums what is not muted at this moment', () => {
    knowChat(store.context);
    arrive(store.context, message(1), message(2));
    expect(snapshot(store.context, { now: NOW, limit: 100 }).unread).toEqual({ messages: 2, chats: 1 });
    organise(store.context, { chatId: CHAT, muted: { until: NOW + 10 }, now: NOW });
    expect(snapshot(store.context, { now: NOW, limit: 100 }).unread).toEqual({ messages: 0, chats: 0 });
    expect(snapshot(store.context, { now: NOW + 10, limit: 100 }).unread).toEqual({ messages: 2, chats: 1 });
    organise(store.context, { chatId: CHAT, muted: null, markedUnread: true, archived: true, now: NOW });
    markRead(store.context, { chatId: CHAT, messageId: message(1).id, now: NOW });
    expect(snapshot(store.context, { now: NOW, limit: 100 })).toMatchObject({
      unread: { messages: 1, chats: 1 },
      chats: [{ markedUnread: false, archived: true, muted: null }],
    });
  });
});

describe('messages that were missed and wait for the person at the server', () => {
  it("are counted once: an event that waited while the list was read is in the server's count already", () => {
    knowChat(store.context, { lastMessage: message(1), unreadCount: 1 });
    const list = { id: CHAT, participants: [], lastMessage: message(6), unreadCount: 3 };
    applyChats(store.context, { chats: [list], quiet: false, now: NOW });
    const count = (): number => snapshot(store.context, { now: NOW, limit: 10 }).unread.messages;
    expect(count()).toBe(3);
    // Told on the old line, applied after the list.
    arrive(store.context, message(5));
    expect(count()).toBe(3);
    arrive(store.context, message(7));
    expect(count()).toBe(4);
  });
});
