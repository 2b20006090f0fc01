import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gather } from '#contract/ipc/gather.ts';
import type { PushEvent, PushEventOf } from '#contract/ipc/push.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import { mergeChats } from '../../../renderer/src/stores/chat-order.ts';
import { mergePush, windowOf, type MessageWindow } from '../../../renderer/src/stores/messages/window.ts';
import { chatView } from '../renderer/bridge-double.ts';
import { pageOf, stored } from '../renderer/conversation/message.ts';

const news = (chatId: string, numbers: number[], removed: number[] = [], text = ''): PushEvent => ({
  kind: 'messages',
  chatId,
  upserts: numbers.map((number) => stored(number, { chatId, text })),
  removed: removed.map((number) => stored(number).key),
});
const chats = (names: string[], removed: string[] = [], unread = 0): PushEvent => ({
  kind: 'chats',
  upserts: names.map((name) => chatView(name, { unread })),
  removed,
});
const typing = (chatId: string, names: string[]): PushEvent => ({
  kind: 'typing',
  chatId,
  users: names.map((name) => ({ id: name, name })),
});
const presence = (userId: string, online: boolean): PushEvent => ({
  kind: 'presence',
  userId,
  online,
  lastSeenAt: null,
});
const unread = (messages: number): PushEvent => ({ kind: 'unread', unread: { messages, chats: 0 } });
const reset: PushEvent = { kind: 'chats:reset', chats: [], more: false };
const open = (chatId: string): PushEvent => ({ kind: 'open', chatId, messageId: null });

describe('events that say the same thing', () => {
  test.each<{ name: string; events: PushEvent[]; gathered: PushEvent[] }>([
    { name: 'nothing', events: [], gathered: [] },
    { name: 'one', events: [news('a', [1])], gathered: [news('a', [1])] },
    {
      name: 'messages of one chat',
      events: [news('a', [1]), news('b', [2]), news('a', [3], [1])],
      gathered: [news('a', [3], [1]), news('b', [2])],
    },
    {
      name: 'the last word about a message',
      events: [news('a', [1], [], 'first'), news('a', [1], [], 'second')],
      gathered: [news('a', [1], [], 'second')],
    },
    {
      name: 'what was removed and came back',
      events: [news('a', [], [1]), news('a', [1])],
      gathered: [news('a', [1])],
    },
    {
      name: 'chats',
      events: [chats(['a'], [], 1), open('a'), chats(['b'], [], 1), chats(['a'], ['b'], 2)],
      gathered: [chats(['a'], ['b'], 2), open('a')],
    },
    { name: 'a chat that came back', events: [chats([], ['a']), chats(['a'])], gathered: [chats(['a'])] },
    {
      name: 'states: the last word of each',
      events: [typing('a', ['x']), unread(1), typing('b', ['y']), presence('p', true), typing('a', []), unread(2)],
      gathered: [typing('b', ['y']), presence('p', true), typing('a', []), unread(2)],
    },
    {
      name: 'nothing across a new list',
      events: [chats(['a']), reset, chats(['b']), chats(['c'])],
      gathered: [chats(['a']), reset, chats(['b', 'c'])],
    },
    { name: 'every one that asks for something', events: [open('a'), open('a')], gathered: [open('a'), open('a')] },
  ])('$name', ({ events, gathered }) => {
    expect(gather(events)).toEqual(gathered);
  });

  const number = fc.integer({ min: 0, max: 12 });
  const name = fc.constantFrom('a', 'b', 'c');
  const anyEvent: fc.Arbitrary<PushEvent> = fc.oneof(
    fc
      .tuple(name, fc.uniqueArray(number, { maxLength: 4 }), fc.uniqueArray(number, { maxLength: 3 }), fc.string())
      .map(([chatId, here, gone, text]) =>
        news(
          chatId,
          here,
          gone.filter((one) => !here.includes(one)),
          text,
        ),
      ),
    fc.tuple(fc.uniqueArray(name), fc.uniqueArray(name), number).map(([here, gone, count]) =>
      chats(
        here,
        gone.filter((one) => !here.includes(one)),
        count,
      ),
    ),
    fc.tuple(name, fc.uniqueArray(name)).map(([chatId, who]) => typing(chatId, who)),
    fc.tuple(name, fc.boolean()).map(([who, online]) => presence(who, online)),
    number.map(unread),
    fc.constant(reset),
    name.map(open),
  );

  /** What a page holds after it has heard all of it. */
  function outcome(events: readonly PushEvent[]) {
    let list: ChatView[] = [];
    const windows = new Map<string, MessageWindow>();
    const states = new Map<string, PushEvent>();
    const opened: string[] = [];
    // The whole past is here: where it is not, a message that goes and comes back within one event stays in its place,
    // while one that does so in two is left to the past.
    const start = (chatId: string): MessageWindow =>
      windowOf(
        pageOf(0, 0, { older: 'end', newer: 'end', items: [3, 4, 5, 6, 7].map((at) => stored(at, { chatId })) }),
      );
    const merge = (event: PushEventOf<'messages'>): void => {
      const window = windows.get(event.chatId) ?? start(event.chatId);
      windows.set(event.chatId, mergePush(window, event.upserts, event.removed));
    };
    for (const event of events) {
      if (event.kind === 'messages') merge(event);
      else if (event.kind === 'chats') list = mergeChats(list, event.upserts, event.removed);
      else if (event.kind === 'chats:reset') list = [...event.chats];
      else if (event.kind === 'open') opened.push(event.chatId);
      else if (event.kind === 'typing') states.set(`typing ${event.chatId}`, event);
      else if (event.kind === 'presence') states.set(`presence ${event.userId}`, event);
      else states.set(event.kind, event);
    }
    const shown = [...windows].map(([chatId, window]) => [chatId, window.items] as const);
    return { list, windows: Object.fromEntries(shown), states: Object.fromEntries(states), opened };
  }

  test('the page ends where it would have ended with all of them, and hears no more of them', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const gathered = gather(events);
        expect(gathered.length).toBeLessThanOrEqual(events.length);
        expect(outcome(gathered)).toEqual(outcome(events));
      }),
      { numRuns: 500 },
    );
  });

  test('a second gathering finds nothing left to gather', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const once = gather(events);
        expect(gather(once)).toEqual(once);
      }),
    );
  });
});
