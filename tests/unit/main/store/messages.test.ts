import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storedPosition } from '../../../../contract/model/message-order.ts';
import {
  chat,
  chatList,
  markRead,
  opened,
  organise,
  snapshot,
  unreportedReads,
} from '../../../../electron/main/services/store/ops/chats.ts';
import { adoptReads, applyChats } from '../../../../electron/main/services/store/ops/events.ts';
import { beginAttempt, endAttempt } from '../../../../electron/main/services/store/ops/outbox/attempts.ts';
import { cancel, discard, edit, resend } from '../../../../electron/main/services/store/ops/outbox/commands.ts';
import { details } from '../../../../electron/main/services/store/ops/outbox/details.ts';
import {
  enqueue,
  outboxHeads,
  recoverOutbox,
  switchAuth,
} from '../../../../electron/main/services/store/ops/outbox/queue.ts';
import { acknowledge, reconcile } from '../../../../electron/main/services/store/ops/outbox/reconcile.ts';
import { page } from '../../../../electron/main/services/store/ops/pages.ts';
import {
  arrive,
  CHAT,
  history,
  knowChat,
  ME,
  message,
  NOW,
  openStore,
  OTHER,
  read,
  tell,
  type OpenStore,
} from './open-store.ts';

let store: OpenStore;
beforeEach(() => void (store = openStore()));
afterEach(() => store.close());

const write = (localId: string, text = 'hello', state: 'queued' | 'waiting_auth' = 'queued') =>
  enqueue(store.context, { localId, chatId: CHAT, text, replyTo: null, files: [], state, now: NOW });
const latest = (limit = 50) => page(store.context, { chatId: CHAT, anchor: { at: 'latest' }, limit });
const texts = () => latest(200)?.items.map((item) => item.text);
const unread = () => chat(store.context, { chatId: CHAT, now: NOW })?.unread;
/** Lets a send go and end without an answer. */
function loseAnswer(localId: string): void {
  beginAttempt(store.context, { localId, now: NOW });
  endAttempt(store.context, { localId, end: 'no_answer', nextAt: NOW, problem: 'server_timeout', now: NOW });
}

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
});

describe('the outbox', () => {
  beforeEach(() => void knowChat(store.context));

  it('writes message and job together, keeps their order and shows them last', () => {
    expect(write('l1', 'one')?.view).toMatchObject({ key: 'l1', id: null, state: 'queued', mine: true });
    write('l2', 'two');
    arrive(store.context, message(1));
    expect(texts()).toEqual(['message 1', 'one', 'two']);
    expect(outboxHeads(store.context, {})).toMatchObject([{ localId: 'l1', chatId: CHAT, state: 'queued' }]);
    expect(chat(store.context, { chatId: CHAT, now: NOW })).toMatchObject({ waiting: 2, failed: 0 });
  });

  it('writes nothing for a chat that is not known', () => {
    expect(
      enqueue(store.context, {
        localId: 'l1',
        chatId: 'nowhere',
        text: 'x',
        replyTo: null,
        files: [],
        state: 'queued',
        now: NOW,
      }),
    ).toBeNull();
    expect(store.context.sql.all('SELECT * FROM outbox')).toEqual([]);
  });

  it('writes all or nothing when the disk is full', () => {
    store.context.sql.db.exec(
      `PRAGMA max_page_count = ${store.context.sql.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 1}`,
    );
    let error: unknown;
    for (let n = 0; n < 200 && !error; n += 1) {
      try {
        write(`l${n}`, 'x'.repeat(3000));
      } catch (caught) {
        error = caught;
      }
    }
    expect(error).toMatchObject({ errcode: 13 });
    const count = (table: string) => store.context.sql.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n;
    expect(count('outbox')).toBe(count('messages'));
  });

  it('keeps the bubble by its key when the answer comes, and moves it once', () => {
    write('l1');
    expect(beginAttempt(store.context, { localId: 'l1', now: NOW }).departure).toMatchObject({
      content: 'hello',
      attempt: 1,
    });
    const own = message(7, { senderId: ME, content: 'hello', clientId: 'l1' });
    const { bound, changes } = acknowledge(store.context, { localId: 'l1', message: own, now: NOW });
    expect(bound).toBe(true);
    expect(changes.messages[0]?.upserts).toMatchObject([
      { key: 'l1', id: own.id, state: 'sent', position: storedPosition(Date.parse(own.createdAt), own.id) },
    ]);
    // The echo, whenever it comes, changes nothing.
    expect(arrive(store.context, own).changes.messages).toEqual([]);
    expect(latest()?.items).toHaveLength(1);
  });

  it.each([{ clientId: 'l1' }, {}])('merges the echo that came first (%j)', (key) => {
    write('l1');
    beginAttempt(store.context, { localId: 'l1', now: NOW });
    const own = message(7, { senderId: ME, content: 'hello', ...key });
    arrive(store.context, own);
    acknowledge(store.context, { localId: 'l1', message: own, now: NOW });
    expect(latest()?.items).toMatchObject([{ key: 'l1', id: own.id, state: 'sent' }]);
  });

  it('binds an unanswered send to the message that says the same and is newer', () => {
    arrive(store.context, message(1, { senderId: ME, content: 'hello' }));
    write('l1');
    loseAnswer('l1');
    expect(reconcile(store.context, { localId: 'l1', now: NOW }).bound).toBe(false);
    arrive(
      store.context,
      message(2, { senderId: ME, content: 'other' }),
      message(3, { senderId: OTHER, content: 'hello' }),
      message(4, { senderId: ME, content: 'hello' }),
    );
    expect(latest()?.items.map(({ key }) => key)).toEqual([message(1).id, message(2).id, message(3).id, 'l1']);
    expect(outboxHeads(store.context, {})).toEqual([]);
  });

  it('binds the oldest candidate when several say the same, and marks the other as its double', () => {
    write('l1');
    loseAnswer('l1');
    endAttempt(store.context, { localId: 'l1', end: 'may_resend', nextAt: NOW, problem: null, now: NOW });
    beginAttempt(store.context, { localId: 'l1', now: NOW });
    // The first request arrives late, beside the second.
    const [first, second] = [
      message(5, { senderId: ME, content: 'hello' }),
      message(6, { senderId: ME, content: 'hello' }),
    ];
    acknowledge(store.context, { localId: 'l1', message: second, now: NOW });
    arrive(store.context, first);
    expect(latest()?.items.map(({ key, doubleOf }) => ({ key, doubleOf }))).toEqual([
      { key: first.id, doubleOf: second.id },
      { key: 'l1', doubleOf: first.id },
    ]);
  });

  it('does not take what was said twice for a double', () => {
    write('l1');
    beginAttempt(store.context, { localId: 'l1', now: NOW });
    const [first, second] = [
      message(5, { senderId: ME, content: 'hello' }),
      message(6, { senderId: ME, content: 'hello' }),
    ];
    acknowledge(store.context, { localId: 'l1', message: first, now: NOW });
    arrive(store.context, second);
    // The history proves that the two are neighbours, so that one page shows both.
    read(store.context, [second, first]);
    expect(latest()?.items.map(({ doubleOf }) => doubleOf)).toEqual([null, null]);
  });

  it('does not believe an answer that names somebody else', () => {
    write('l1');
    beginAttempt(store.context, { localId: 'l1', now: NOW });
    expect(
      acknowledge(store.context, { localId: 'l1', message: message(5, { content: 'hello' }), now: NOW }).bound,
    ).toBe(false);
    expect(latest()?.items.find(({ key }) => key === 'l1')).toMatchObject({ id: null, state: 'sending' });
  });

  it('after a crash counts what was on its way as unanswered', () => {
    write('l1');
    write('l2');
    beginAttempt(store.context, { localId: 'l1', now: NOW });
    recoverOutbox(store.context, { now: NOW + 5, settleMs: 100 });
    expect(outboxHeads(store.context, {})).toMatchObject([
      { localId: 'l1', state: 'unknown', nextAt: NOW + 105, unanswered: 1 },
    ]);
  });

  it('a failed message lets later ones pass, an unanswered one does not', () => {
    write('l1');
    write('l2');
    loseAnswer('l1');
    expect(outboxHeads(store.context, {})).toMatchObject([{ localId: 'l1', state: 'unknown' }]);
    const changes = endAttempt(store.context, {
      localId: 'l1',
      end: 'undecidable',
      nextAt: NOW,
      problem: 'server_timeout',
      now: NOW,
    });
    expect(changes.failed).toEqual([{ localId: 'l1', code: 'server_timeout' }]);
    expect(latest()?.items[0]).toMatchObject({ state: 'failed', undecided: true, problem: 'server_timeout' });
    expect(outboxHeads(store.context, {})).toMatchObject([{ localId: 'l2', state: 'queued' }]);
  });

  it('waits for a sign-in without failing', () => {
    write('l1');
    switchAuth(store.context, { lost: true, now: NOW });
    write('l2', 'two', 'waiting_auth');
    expect(latest()?.items.map(({ state }) => state)).toEqual(['waiting_auth', 'waiting_auth']);
    switchAuth(store.context, { lost: false, now: NOW });
    expect(latest()?.items.map(({ state, problem }) => ({ state, problem }))).toEqual([
      { state: 'queued', problem: null },
      { state: 'queued', problem: null },
    ]);
  });

  it('never sends a row of another account', () => {
    write('l1');
    store.context.sql.run("UPDATE outbox SET account = 'somebody else'");
    expect(outboxHeads(store.context, {})).toEqual([]);
    expect(beginAttempt(store.context, { localId: 'l1', now: NOW }).departure).toBeNull();
  });

  it('takes back, changes, gives up and sends again only where that is true', () => {
    write('l1');
    expect(edit(store.context, { localId: 'l1', text: 'better', now: NOW })).toMatchObject({
      done: true,
      view: { text: 'better' },
    });
    beginAttempt(store.context, { localId: 'l1', now: NOW });
    for (const wish of [cancel, discard, resend])
      expect(wish(store.context, { localId: 'l1', now: NOW })).toEqual({ done: false, reason: 'too_late' });
    expect(edit(store.context, { localId: 'l1', text: 'late', now: NOW })).toEqual({ done: false, reason: 'too_late' });
    endAttempt(store.context, { localId: 'l1', end: 'refused', nextAt: NOW, problem: 'validation', now: NOW });
    expect(edit(store.context, { localId: 'l1', text: 'shorter', now: NOW })).toMatchObject({
      done: true,
      view: { text: 'shorter', state: 'queued', problem: null },
    });
    endAttempt(store.context, { localId: 'l1', end: 'expired', nextAt: NOW, problem: 'server_unreachable', now: NOW });
    expect(resend(store.context, { localId: 'l1', now: NOW })).toMatchObject({ done: true, view: { state: 'queued' } });
    expect(cancel(store.context, { localId: 'l1', now: NOW })).toMatchObject({
      done: true,
      changes: { messages: [{ removed: ['l1'] }] },
    });
    expect(cancel(store.context, { localId: 'l1', now: NOW })).toEqual({ done: false, reason: 'not_found' });
    expect(latest()?.items).toEqual([]);
  });

  it('does not let a message be taken back once an attempt may have arrived', () => {
    write('l1');
    loseAnswer('l1');
    endAttempt(store.context, { localId: 'l1', end: 'may_resend', nextAt: NOW, problem: null, now: NOW });
    expect(cancel(store.context, { localId: 'l1', now: NOW })).toEqual({ done: false, reason: 'too_late' });
  });

  it('tells when each state was reached', () => {
    write('l1');
    beginAttempt(store.context, { localId: 'l1', now: NOW + 1 });
    acknowledge(store.context, {
      localId: 'l1',
      message: message(5, { senderId: ME, content: 'hello' }),
      now: NOW + 2,
    });
    tell(store.context, { type: 'message:status', data: { messageId: message(5).id, chatId: CHAT, status: 'read' } });
    const told = details(store.context, { key: message(5).id });
    expect(told?.history.map(({ state }) => state).sort()).toEqual(['queued', 'read', 'sending', 'sent']);
    expect(told).toMatchObject({ key: 'l1', state: 'read', attempts: 1, nextTryAt: null });
  });
});

describe('statuses and reactions', () => {
  beforeEach(() => {
    knowChat(store.context);
    arrive(store.context, ...[1, 2, 3].map((n) => message(n, { senderId: ME })));
  });
  const states = () => latest()?.items.map(({ state }) => state);

  it('go up to a message, and never back', () => {
    tell(store.context, {
      type: 'message:status',
      data: { messageId: message(2).id, chatId: CHAT, status: 'read', upTo: true },
    });
    expect(states()).toEqual(['read', 'read', 'sent']);
    tell(store.context, {
      type: 'message:status',
      data: { messageId: message(3).id, chatId: CHAT, status: 'delivered', upTo: true },
    });
    expect(states()).toEqual(['read', 'read', 'delivered']);
    read(store.context, history(1, 3, { senderId: ME, status: 'sent' }));
    expect(states()).toEqual(['read', 'read', 'delivered']);
  });

  it('wait for a message that comes later', () => {
    tell(store.context, { type: 'message:status', data: { messageId: message(4).id, chatId: CHAT, status: 'read' } });
    arrive(store.context, message(4, { senderId: ME }));
    expect(states()?.[3]).toBe('read');
  });

  it('reactions come, go, and are not undone by an older page', () => {
    const reaction = { id: 'r1', emoji: '👍', userId: OTHER };
    tell(store.context, { type: 'reaction:new', data: { messageId: message(1).id, chatId: CHAT, reaction } });
    tell(store.context, { type: 'reaction:new', data: { messageId: message(1).id, chatId: CHAT, reaction } });
    expect(latest()?.items[0]?.reactions).toEqual([
      { emoji: '👍', mine: false, users: [{ id: OTHER, name: 'Отто Ёжиков' }] },
    ]);
    read(store.context, history(1, 3, { senderId: ME, reactions: [] }), { keepReactions: [message(1).id] });
    expect(latest()?.items[0]?.reactions).toHaveLength(1);
    tell(store.context, {
      type: 'reaction:removed',
      data: { messageId: message(1).id, chatId: CHAT, reactionId: 'r1' },
    });
    expect(latest()?.items[0]?.reactions).toEqual([]);
  });
});

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
