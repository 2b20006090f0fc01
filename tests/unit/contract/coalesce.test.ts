import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coalesce } from '#contract/ipc/coalesce.ts';
import type { AccountEvent, AccountEventOf, AppEvent, PushEvent } from '#contract/ipc/push.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import { mergeChats } from '../../../renderer/src/stores/account/chat-order.ts';
import { mergePush, windowOf, type MessageWindow } from '../../../renderer/src/stores/account/messages/window.ts';
import { accountsView, accountView, chatView, SETTINGS, uploadView } from '../renderer/bridge-double.ts';
import { pageOf, stored } from '../renderer/conversation/message.ts';

const news = (chatId: string, numbers: number[], removed: number[] = [], text = ''): AccountEvent => ({
  kind: 'messages',
  chatId,
  upserts: numbers.map((number) => stored(number, { chatId, text })),
  removed: removed.map((number) => stored(number).key),
});
const chats = (names: string[], removed: string[] = [], unread = 0): AccountEvent => ({
  kind: 'chats',
  upserts: names.map((name) => chatView(name, { unread })),
  removed,
});
const typing = (chatId: string, names: string[]): AccountEvent => ({
  kind: 'typing',
  chatId,
  users: names.map((name) => ({ id: name, name })),
});
const presence = (userId: string, online: boolean): AccountEvent => ({
  kind: 'presence',
  userId,
  online,
  lastSeenAt: null,
});
const unread = (messages: number): AccountEvent & AppEvent => ({ kind: 'unread', unread: { messages, chats: 0 } });
const connection = (phase: 'live' | 'waiting'): AccountEvent => ({
  kind: 'connection',
  connection: { phase, retryAt: null, reason: null },
});
const reset: AccountEvent = { kind: 'chats:reset', chats: [], more: false };
const stale = (chatId: string): AccountEvent => ({ kind: 'messages:stale', chatId });
const uploads = (chatId: string, ...ids: string[]): AccountEvent => ({
  kind: 'uploads',
  revision: 1,
  chatId,
  uploads: ids.map((id) => uploadView(id, { chatId })),
});
const downloads = (...ids: string[]): AccountEvent => ({
  kind: 'downloads',
  downloads: ids.map((id) => ({ id, fileId: id, name: id, size: 1, got: 0, state: 'running', problem: null })),
});
const open = (chatId: string): AccountEvent => ({ kind: 'open', chatId, messageId: null });
const notice: AccountEvent = { kind: 'notice', notice: 'send_failed', code: null };
const settings = (theme: 'light' | 'dark'): AppEvent => ({ kind: 'settings', settings: { ...SETTINGS, theme } });
const accounts = (...ids: string[]): AppEvent => ({
  kind: 'accounts',
  accounts: accountsView(ids.map((id) => accountView(id))),
});
const of = (accountId: string, ...events: AccountEvent[]): PushEvent[] => events.map((event) => ({ accountId, event }));

describe('events of one account that say the same thing', () => {
  test.each<{ name: string; events: AccountEvent[]; coalesced: AccountEvent[] }>([
    { name: 'nothing', events: [], coalesced: [] },
    { name: 'one', events: [news('a', [1])], coalesced: [news('a', [1])] },
    {
      name: 'messages of one chat',
      events: [news('a', [1]), news('b', [2]), news('a', [3], [1])],
      coalesced: [news('a', [3], [1]), news('b', [2])],
    },
    {
      name: 'uploads of each chat, and downloads',
      events: [uploads('a', '1'), downloads('d'), uploads('b', '2'), uploads('a'), downloads('d', 'e')],
      coalesced: [uploads('b', '2'), uploads('a'), downloads('d', 'e')],
    },
    {
      name: 'the last of a message',
      events: [news('a', [1], [], 'first'), news('a', [1], [], 'second')],
      coalesced: [news('a', [1], [], 'second')],
    },
    {
      name: 'what was removed and came back',
      events: [news('a', [], [1]), news('a', [1])],
      coalesced: [news('a', [1])],
    },
    {
      name: 'chats',
      events: [chats(['a'], [], 1), open('a'), chats(['b'], [], 1), chats(['a'], ['b'], 2)],
      coalesced: [chats(['a'], ['b'], 2), open('a')],
    },
    { name: 'a chat that came back', events: [chats([], ['a']), chats(['a'])], coalesced: [chats(['a'])] },
    {
      name: 'states: the last of each',
      events: [
        typing('a', ['x']),
        unread(1),
        connection('waiting'),
        typing('b', ['y']),
        presence('p', true),
        typing('a', []),
        unread(2),
        connection('live'),
      ],
      coalesced: [typing('b', ['y']), presence('p', true), typing('a', []), unread(2), connection('live')],
    },
    {
      name: 'nothing across a new list',
      events: [chats(['a']), reset, chats(['b']), chats(['c'])],
      coalesced: [chats(['a']), reset, chats(['b', 'c'])],
    },
    {
      name: 'nothing across a chat that was read again',
      events: [news('a', [1]), stale('a'), news('a', [2]), news('a', [3])],
      coalesced: [news('a', [1]), stale('a'), news('a', [2, 3])],
    },
    {
      name: 'every one that asks for something or tells a person something',
      events: [open('a'), notice, open('a'), notice],
      coalesced: [open('a'), notice, open('a'), notice],
    },
  ])('$name', ({ events, coalesced }) => {
    expect(coalesce(of('x', ...events))).toEqual(of('x', ...coalesced));
  });
});

describe('events of several accounts, and of the application', () => {
  test('are put together by account: one account ends no run of another', () => {
    const pushes = [
      ...of('x', chats(['a'])),
      ...of('y', chats(['a']), reset),
      ...of('x', chats(['b']), unread(1)),
      ...of('y', chats(['c'])),
      ...of('x', unread(2)),
    ];
    expect(coalesce(pushes)).toEqual([
      ...of('x', chats(['a', 'b']), unread(2)),
      ...of('y', chats(['a']), reset, chats(['c'])),
    ]);
  });

  test("the sum and an account's own count are two things", () => {
    const pushes: PushEvent[] = [...of('x', unread(1)), unread(5), ...of('x', unread(2)), unread(6)];
    expect(coalesce(pushes)).toEqual([...of('x', unread(2)), unread(6)]);
  });

  test('of the settings the last one counts', () => {
    expect(coalesce([settings('light'), settings('dark')])).toEqual([settings('dark')]);
  });

  test('nothing goes across a change of the accounts: what was of a closed account is not mixed with what comes', () => {
    const pushes: PushEvent[] = [
      accounts('x'),
      ...of('x', chats(['old'])),
      unread(1),
      accounts(),
      accounts('x'),
      ...of('x', reset, chats(['new'])),
      unread(2),
    ];
    expect(coalesce(pushes)).toEqual(pushes);
  });
});

describe('however many of them there are', () => {
  const number = fc.integer({ min: 0, max: 12 });
  const name = fc.constantFrom('a', 'b', 'c');
  const anyEvent: fc.Arbitrary<AccountEvent> = fc.oneof(
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
    number.map((count): AccountEvent => unread(count)),
    fc.constant(reset),
    name.map(open),
  );
  const account = fc.constantFrom('x', 'y', 'z');
  const anyPush: fc.Arbitrary<PushEvent> = fc.oneof(
    { weight: 12, arbitrary: fc.tuple(account, anyEvent).map(([accountId, event]) => ({ accountId, event })) },
    { weight: 2, arbitrary: number.map((count): PushEvent => unread(count)) },
    { weight: 1, arbitrary: fc.constantFrom('light', 'dark').map(settings) },
    { weight: 1, arbitrary: fc.uniqueArray(account).map((ids) => accounts(...ids)) },
  );

  /** What a page holds of one account. */
  interface Held {
    list: ChatView[];
    windows: Map<string, MessageWindow>;
    states: Map<string, AccountEvent>;
    opened: string[];
  }
  const nothing = (): Held => ({ list: [], windows: new Map(), states: new Map(), opened: [] });

  // The whole past is here: where it is not, a message that goes and comes back within one event stays in its place,
  // while one that does so in two is left to the past.
  const start = (chatId: string): MessageWindow =>
    windowOf(pageOf(0, 0, { older: 'end', newer: 'end', items: [3, 4, 5, 6, 7].map((at) => stored(at, { chatId })) }));

  function merge(held: Held, event: AccountEventOf<'messages'>): void {
    const window = held.windows.get(event.chatId) ?? start(event.chatId);
    held.windows.set(event.chatId, mergePush(window, event.upserts, event.removed));
  }

  function hear(held: Held, event: AccountEvent): void {
    if (event.kind === 'messages') merge(held, event);
    else if (event.kind === 'chats') held.list = mergeChats(held.list, event.upserts, event.removed);
    else if (event.kind === 'chats:reset') held.list = [...event.chats];
    else if (event.kind === 'open') held.opened.push(event.chatId);
    else if (event.kind === 'typing') held.states.set(`typing ${event.chatId}`, event);
    else if (event.kind === 'presence') held.states.set(`presence ${event.userId}`, event);
    else held.states.set(event.kind, event);
  }

  /** What a page holds after it has heard all of it: an account that is closed loses what was held of it. */
  function outcome(pushes: readonly PushEvent[]) {
    const app = new Map<string, PushEvent>();
    let held = new Map<string, Held>();
    for (const push of pushes) {
      if (!('accountId' in push)) {
        app.set(push.kind, push);
        if (push.kind !== 'accounts') continue;
        const kept = new Set(push.accounts.open.map(({ id }) => id));
        held = new Map([...held].filter(([id]) => kept.has(id)));
        continue;
      }
      const mine = held.get(push.accountId) ?? nothing();
      held.set(push.accountId, mine);
      hear(mine, push.event);
    }
    const plain = [...held].map(([id, { list, windows, states, opened }]) => [
      id,
      {
        list,
        windows: Object.fromEntries([...windows].map(([chatId, window]) => [chatId, window.items])),
        states: Object.fromEntries(states),
        opened,
      },
    ]);
    return { app: Object.fromEntries(app), held: Object.fromEntries(plain) as Record<string, unknown> };
  }

  test('the page ends where it would have ended with all of them, and hears no more of them', () => {
    fc.assert(
      fc.property(fc.array(anyPush, { maxLength: 60 }), (pushes) => {
        const coalesced = coalesce(pushes);
        expect(coalesced.length).toBeLessThanOrEqual(pushes.length);
        expect(outcome(coalesced)).toEqual(outcome(pushes));
      }),
      { numRuns: 500 },
    );
  });

  test('accounts do not disturb each other: each one hears what it would have heard alone', () => {
    const alone = (pushes: readonly PushEvent[], id: string): PushEvent[] =>
      pushes.filter((push) => ('accountId' in push ? push.accountId === id : push.kind === 'accounts'));
    fc.assert(
      fc.property(fc.array(anyPush, { maxLength: 60 }), account, (pushes, id) => {
        expect(alone(coalesce(pushes), id)).toEqual(coalesce(alone(pushes, id)));
      }),
      { numRuns: 500 },
    );
  });

  test('there is nothing left to coalesce afterwards', () => {
    fc.assert(
      fc.property(fc.array(anyPush, { maxLength: 60 }), (pushes) => {
        const once = coalesce(pushes);
        expect(coalesce(once)).toEqual(once);
      }),
    );
  });
});
