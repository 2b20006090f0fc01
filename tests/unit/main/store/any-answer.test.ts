/** Whatever the schemas let in, the store takes, tells within its own contract, and opens again. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Chat } from '../../../../contract/api/chat.ts';
import { Message } from '../../../../contract/api/message.ts';
import { ChatView, MessagePage, MessageView, UnreadView } from '../../../../contract/ipc/views.ts';
import { MOST } from '../../../../contract/model/limits.ts';
import { ServerFrame } from '../../../../contract/ws/server-frames.ts';
import type { StoredFrame } from '../../../../electron/main/services/store/ops/event-operations.ts';
import type { Thread } from '../../../../electron/main/services/store/thread.ts';
import { AccountFiles, ask } from './account-files.ts';
import { arrive, CHAT, knowChat, ME, message, NOW, openStore, OTHER, read } from './open-store.ts';

const oneOf = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  fc.oneof({ weight: 3, arbitrary: value }, fc.constant(null), fc.constant(undefined));
const id = oneOf('a', 'b', 'c', 'Z'.repeat(64), '__proto__', 'constructor', ME, OTHER);
const text = oneOf(
  '',
  'x',
  'half \ud800 a pair',
  'nul \0 inside',
  '\u202eabc',
  'e\u0301',
  '👍'.repeat(40),
  '"; DROP TABLE messages; --',
);
const time = oneOf(
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '1970-01-01T00:00:00Z',
  '1999-12-31T23:59:59Z',
  '2026-06-01T12:00:00Z',
  '2026-06-01T12:00:00.000000001Z',
  '2026-06-01T12:00:01+14:00',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59-23:59',
);
const count = oneOf(0, 1, 7, MOST.count);
const user = fc.record({
  id,
  username: oneOf('x', '\ud800', 'n\0'),
  firstName: maybe(text),
  age: maybe(oneOf(0, 1000)),
  lastSeenAt: maybe(time),
  online: maybe(fc.boolean()),
});
const file = fc.record({
  id,
  name: text,
  mimeType: text,
  size: oneOf(0, MOST.bytes),
  width: maybe(oneOf(0, 0.5, MOST.pixels)),
  height: maybe(oneOf(5e-324, MOST.pixels)),
  duration: maybe(oneOf(0, MOST.seconds)),
});
const reaction = fc.record({
  id,
  emoji: oneOf('👍', '\ud800', '\udbff', 'n\0', '\0'),
  userId: id,
  createdAt: maybe(time),
});
const quoted = fc.record({ id, content: text, senderId: maybe(id), createdAt: maybe(time) });
const told = fc.record({
  id,
  chatId: oneOf('a', 'b', 'c'),
  content: text,
  sender: maybe(user),
  senderId: maybe(id),
  createdAt: time,
  replyTo: maybe(quoted),
  replyToId: maybe(id),
  attachments: maybe(fc.array(file, { maxLength: 3 })),
  reactions: maybe(fc.array(reaction, { maxLength: 4 })),
  status: maybe(oneOf('sent', 'delivered', 'read')),
  clientId: maybe(oneOf('l1', 'l2')),
  shortened: maybe(fc.boolean()),
});
const chat = fc.record({
  id: oneOf('a', 'b', 'c'),
  participants: fc.array(user, { maxLength: 3 }),
  lastMessage: maybe(told),
  unreadCount: maybe(count),
  createdAt: maybe(time),
  updatedAt: maybe(time),
});
const frame = fc.oneof(
  told.map((data) => ({ type: 'message:new', data })),
  fc
    .record({ messageId: id, chatId: id, status: oneOf('sent', 'delivered', 'read'), upTo: maybe(fc.boolean()) })
    .map((data) => ({ type: 'message:status', data })),
  fc
    .record({
      messageId: id,
      chatId: id,
      reaction: fc.record({ id: maybe(id), emoji: oneOf('👍', '\ud800'), userId: id }),
    })
    .map((data) => ({ type: 'reaction:new', data })),
  fc.record({ chatId: id, messageId: id, unreadCount: count }).map((data) => ({ type: 'chat:read', data })),
);

let files: AccountFiles;
beforeEach(() => void (files = new AccountFiles()));
afterEach(() => files.remove());

function look(thread: Thread): void {
  const { chats, unread } = ask(thread, 'snapshot', { now: NOW, limit: 50 });
  UnreadView.parse(unread);
  for (const one of chats) {
    ChatView.parse(one);
    for (const at of ['latest', 'unread'] as const)
      MessagePage.parse(ask(thread, 'page', { chatId: one.id, anchor: { at }, limit: 50 }));
  }
}

describe('what the schemas let in', () => {
  it('is taken, told and opened again', () => {
    const seq = oneOf(0, 1, 2 ** 52);
    const world = fc.record({
      chats: fc.array(chat, { maxLength: 4 }),
      frames: fc.array(frame, { maxLength: 8 }),
      page: fc.array(told, { maxLength: 6 }),
      seq,
    });
    let thread = files.start();
    fc.assert(
      fc.property(world, ({ chats, frames, page, seq: number }) => {
        const list = chats.map((one) => Chat.parse(one));
        ask(thread, 'applyChats', { chats: list, now: NOW });
        const events = frames.map((one) => ServerFrame.parse(one) as StoredFrame);
        const applied = ask(thread, 'applyEvents', { frames: events, seq: number, epoch: 'e', now: NOW });
        for (const one of applied.changes.chats) ChatView.parse(one);
        for (const { upserts } of applied.changes.messages) for (const one of upserts) MessageView.parse(one);
        const messages = page.map((one) => Message.parse({ ...one, chatId: 'a' }));
        ask(thread, 'applyHistory', {
          chatId: 'a',
          messages,
          beside: null,
          reachesStart: false,
          quietly: false,
          keepReactions: [],
          now: NOW,
        });
        const counts = list.map((one) => ({
          chatId: one.id,
          unread: one.unreadCount ?? 0,
          lastId: one.lastMessage?.id ?? null,
        }));
        ask(thread, 'adoptReads', { chats: counts, now: NOW });
        for (const one of page) ask(thread, 'markRead', { chatId: 'a', messageId: one.id, now: NOW });
        look(thread);
        files.end(thread);
        thread = files.start();
        expect(thread.opened.rebuilt).toBe(false);
        look(thread);
      }),
      { numRuns: 60 },
    );
    expect(files.logged.filter((event) => event === 'store.operation_failed')).toEqual([]);
  });

  it('is bounded: what SQLite could not give back is refused at the door', () => {
    const ok = message(1);
    const refused: unknown[] = [
      { type: 'chat:read', data: { chatId: 'a', messageId: 'm', unreadCount: 2 ** 53 - 1 } },
      { type: 'chat:read', data: { chatId: 'a', messageId: 'm', unreadCount: 1.5 } },
      { type: 'message:new', data: { ...ok, attachments: [{ id: 'f', name: '', mimeType: '', size: 2 ** 53 }] } },
      { type: 'message:new', data: { ...ok, attachments: [{ id: 'f', name: '', mimeType: '', size: 1, width: -1 }] } },
      { type: 'message:new', data: { ...ok, createdAt: `2026-01-01T00:00:00.${'0'.repeat(100)}Z` } },
      { type: 'message:new', data: ok, seq: 2 ** 53 },
    ];
    expect(ServerFrame.safeParse({ type: 'message:new', data: ok }).success).toBe(true);
    for (const one of refused) expect(ServerFrame.safeParse(one).success, JSON.stringify(one)).toBe(false);
  });

  it('is put aside by the item where the store cannot bear one, and the others are stored', () => {
    const store = openStore();
    knowChat(store.context);
    store.context.sql.db.exec(
      "CREATE TEMP TRIGGER sour BEFORE INSERT ON messages WHEN NEW.content = 'sour' BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    const sour = (n: number) => message(n, { content: 'sour' });
    arrive(store.context, message(1), sour(2), message(3));
    read(store.context, [sour(6), message(5), sour(4)]);
    knowChat(store.context, { id: 'other', lastMessage: { ...sour(7), chatId: 'other' } });
    const here = store.context.sql.all<{ id: string }>('SELECT id FROM messages ORDER BY at');
    expect(here.map(({ id }) => id)).toEqual([1, 3, 5].map((n) => message(n).id));
    expect(store.context.sql.get('SELECT unread FROM chats WHERE id = ?', CHAT)).toEqual({ unread: 2 });
    expect(store.logged.filter((event) => event === 'store.put_aside')).toHaveLength(3);
    store.close();
  });

  it('is rolled back where it could not be told', () => {
    const store = openStore();
    knowChat(store.context);
    // Only the telling reads it: a message without reactions is stored without it.
    store.context.sql.db.exec('ALTER TABLE reactions RENAME TO hidden');
    expect(() => arrive(store.context, message(1))).toThrow(/reactions/);
    store.context.sql.db.exec('ALTER TABLE hidden RENAME TO reactions');
    expect(store.context.sql.all('SELECT id FROM messages')).toEqual([]);
    arrive(store.context, message(1));
    expect(store.context.sql.get('SELECT unread FROM chats WHERE id = ?', CHAT)).toMatchObject({ unread: 1 });
    store.close();
  });
});
