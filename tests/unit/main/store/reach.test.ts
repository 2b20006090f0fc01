import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseQuery } from '../../../../electron/main/lib/search-query.ts';
import { reach, type Reach, type ReachInput } from '../../../../electron/main/services/store/ops/reach-operations.ts';
import { arrive, CHAT, history, knowChat, message, openStore, read, tell, type OpenStore } from './open-store.ts';

let store: OpenStore;
beforeEach(() => void (store = openStore()));
afterEach(() => store.close());

const timeOf = (n: number): number => Date.parse(message(n).createdAt);

function look(more: Partial<ReachInput> = {}): Omit<Reach, 'bytes'> {
  const { bytes, ...rest } = reach(store.context, {
    query: null,
    chatId: null,
    spareUnread: false,
    aside: [],
    mostOfAChat: null,
    ...more,
  });
  expect(bytes).toBeGreaterThan(0);
  return rest;
}

/** A chat of which the messages from one number to another are here. */
function markForQuarantine(
  chatId: string,
  from: number,
  to: number,
  more: { starts?: boolean; unread?: number } = {},
): void {
  const of = { chatId, senderId: 'other' };
  const named = (n: number) => message(n, { ...of, id: `${chatId}-${n}` });
  knowChat(store.context, { id: chatId, lastMessage: named(to), unreadCount: more.unread ?? 0 });
  const messages = history(from, to, of).map((one) => ({ ...one, id: `${chatId}-${Number(one.id.slice(1))}` }));
  read(store.context, messages, { chatId, reachesStart: more.starts ?? false });
}

describe('how far the stored history reaches', () => {
  it('is everything where nothing is known, or every chat begins here', () => {
    const nothing = { complete: 0, since: null, spared: 0, next: null };
    expect(look()).toEqual({ ...nothing, chats: 0 });
    markForQuarantine('a', 1, 5, { starts: true });
    knowChat(store.context, { id: 'empty' });
    expect(look()).toEqual({ ...nothing, chats: 2, complete: 2 });
  });

  it('is the moment from which no chat misses anything, and goes on where the newest one is missing', () => {
    markForQuarantine('whole', 1, 5, { starts: true });
    markForQuarantine('deep', 10, 30);
    markForQuarantine('shallow', 25, 30);
    expect(look()).toEqual({
      chats: 3,
      complete: 1,
      since: timeOf(25),
      spared: 0,
      next: { chatId: 'shallow', messageId: 'shallow-25' },
    });
    expect(look({ chatId: 'deep' })).toMatchObject({ chats: 1, complete: 0, since: timeOf(10) });
    expect(look({ aside: ['shallow'] }).next).toEqual({ chatId: 'deep', messageId: 'deep-10' });
    expect(look({ aside: ['shallow', 'deep'] }).next).toBeNull();
  });

  it('ends at a gap, whatever stands behind it', () => {
    markForQuarantine(CHAT, 1, 5, { starts: true });
    read(store.context, history(20, 25));
    expect(look()).toMatchObject({ complete: 0, since: timeOf(20), next: { chatId: CHAT, messageId: message(20).id } });
    tell(store.context, { type: 'message:new', data: message(26) });
    expect(look()).toMatchObject({ since: timeOf(20) });
  });

  it('cannot be told where a chat is wholly missing, which is for the sync to read first', () => {
    markForQuarantine('deep', 10, 30);
    store.context.sql.run("INSERT INTO chats (id, participants, created_at, activity_at) VALUES ('new', '[]', 0, 0)");
    expect(look()).toMatchObject({ chats: 2, complete: 0, since: null, next: { chatId: 'deep' } });
  });

  it('counts a chat as whole for a search that asks for nothing older', () => {
    markForQuarantine('deep', 10, 30);
    const day = new Date(timeOf(30));
    const dayAfter = (days: number): string => {
      const at = new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, 12);
      return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
    };
    expect(look({ query: parseQuery(`x after:${dayAfter(1)}`) })).toMatchObject({ complete: 1, next: null });
    expect(look({ query: parseQuery(`x after:${dayAfter(-1)}`) })).toMatchObject({ complete: 0 });
    expect(look({ query: parseQuery('x in:nobody') })).toMatchObject({ chats: 0 });
    expect(look({ query: parseQuery('x in:otto') })).toMatchObject({ chats: 1, next: { chatId: 'deep' } });
  });

  it('leaves chats with unread messages alone where a look would count as reading', () => {
    markForQuarantine('unread', 20, 30, { unread: 2 });
    markForQuarantine('seen', 10, 30);
    expect(look().next?.chatId).toBe('unread');
    expect(look({ spareUnread: true })).toMatchObject({ complete: 0, spared: 1, next: { chatId: 'seen' } });
  });

  it('leaves chats alone of which enough is here', () => {
    markForQuarantine('much', 21, 30);
    markForQuarantine('little', 20, 24);
    arrive(store.context, message(40, { id: 'more', chatId: 'much' }));
    expect(look({ mostOfAChat: 11 }).next?.chatId).toBe('little');
    expect(look({ mostOfAChat: 12 }).next?.chatId).toBe('much');
    expect(look({ mostOfAChat: 5 }).next).toBeNull();
  });
});
