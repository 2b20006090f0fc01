// @vitest-environment happy-dom
/** Whose stores hear what, and what is left of an account that was closed: nothing. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { AccountEvent, AppEvent } from '#contract/ipc/push.ts';
import type { ChatView, MessagePage } from '#contract/ipc/views.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import { useAccountStores } from '../../../../renderer/src/stores/account/account-store.ts';
import { useChatListStore } from '../../../../renderer/src/stores/account/chat-list.ts';
import { useChatsStore } from '../../../../renderer/src/stores/account/chats.ts';
import { useConnectionStore } from '../../../../renderer/src/stores/account/connection.ts';
import { useConversationsStore } from '../../../../renderer/src/stores/account/conversations.ts';
import { useMessagesStore } from '../../../../renderer/src/stores/account/messages.ts';
import { usePeopleStore } from '../../../../renderer/src/stores/account/people.ts';
import { useScreenStore } from '../../../../renderer/src/stores/account/screen.ts';
import { createPushTargets } from '../../../../renderer/src/stores/account/targets.ts';
import { useTypingStore } from '../../../../renderer/src/stores/account/typing.ts';
import { useUnreadStore } from '../../../../renderer/src/stores/account/unread.ts';
import { useUiStore } from '../../../../renderer/src/stores/ui.ts';
import { useUnreadSumStore } from '../../../../renderer/src/stores/unread-sum.ts';
import { accountsView, accountView, chatView, deferred, installBridge, userView } from '../bridge-double.ts';
import { pageOf, stored } from '../conversation/message.ts';

const X = 'https://one.example me';
const Y = 'https://two.example me';

beforeEach(() => setActivePinia(createPinia()));

function listening() {
  const targets = createPushTargets();
  const app = (event: AppEvent): void => targets.app.forEach((target) => target.apply(event));
  return {
    app,
    open: (...ids: string[]): void =>
      app({ kind: 'accounts', accounts: accountsView(ids.map((id) => accountView(id))) }),
    hear: (accountId: string, ...events: AccountEvent[]): void => {
      for (const event of events) targets.ofAccount(accountId).forEach((target) => target.apply(event));
    },
  };
}

const unread = (messages: number) => ({ kind: 'unread', unread: { messages, chats: 1 } }) as const;
const reset = (...chats: ChatView[]): AccountEvent => ({ kind: 'chats:reset', chats, more: false });

describe('what main pushes', () => {
  test('reaches the stores of its account alone', () => {
    const { open, hear } = listening();
    open(X, Y);
    hear(
      X,
      { kind: 'connection', connection: { phase: 'live', retryAt: null, reason: null } },
      unread(3),
      reset(chatView('a')),
      { kind: 'typing', chatId: 'a', users: [{ id: 'u', name: 'U' }] },
      { kind: 'presence', userId: 'u', online: true, lastSeenAt: null },
    );
    hear(Y, { kind: 'connection', connection: { phase: 'live', retryAt: null, reason: null } });
    const seen = [X, Y].map((id) => ({
      phase: useConnectionStore(id).connection.phase,
      unread: useUnreadStore(id).unread.messages,
      chats: useChatsStore(id).list.map((chat) => chat.id),
      typing: useTypingStore(id).usersIn('a').length,
      online: usePeopleStore(id).presenceOf(userView('u')).online,
    }));
    expect(seen).toEqual([
      { phase: 'live', unread: 3, chats: ['a'], typing: 1, online: true },
      { phase: 'live', unread: 0, chats: [], typing: 0, online: null },
    ]);
  });

  test('about the sum is not about an account, and the other way round', () => {
    const { app, open, hear } = listening();
    open(X);
    app(unread(7));
    hear(X, unread(2));
    expect([useUnreadSumStore().unread.messages, useUnreadStore(X).unread.messages]).toEqual([7, 2]);
  });

  test('about an account that is not open makes no stores, but a person is told what they are to be told', () => {
    const { open, hear } = listening();
    open(X);
    hear(Y, reset(chatView('a')), { kind: 'notice', notice: 'store_rebuilt', code: null });
    expect(useAccountStores().accounts()).not.toContain(Y);
    expect(useUiStore().takeNotices()).toEqual([{ accountId: Y, notice: 'store_rebuilt', code: null }]);
  });
});

describe('an account that is closed', () => {
  /** An account with something in every store, and the chat `c1` on the screen. */
  async function used() {
    installBridge({ messages: { page: ({ chatId }) => Promise.resolve(ok({ ...pageOf(0, 20), chatId })) } });
    const listened = listening();
    listened.open(X, Y);
    for (const id of [X, Y]) {
      listened.hear(id, unread(3), reset(chatView('c1', { title: 'theirs' })));
      const messages = useMessagesStore(id);
      messages.show('c1');
      await messages.open('c1', { at: 'latest' });
      useConversationsStore(id).places.set('c1', { at: 'row', key: 'm00003', offset: 8, near: 'm00003' });
      useConversationsStore(id).dividers.set('c1', { readUpTo: 'm00002' });
      useConversationsStore(id).drafts.set('c1', { text: 'a secret', replyTo: null });
      useChatListStore(id).folder = 'unread';
      useScreenStore(id).query = 'a secret';
      useScreenStore(id).place = { screen: 'chats', chatId: 'c1' };
    }
    return listened;
  }

  const held = (id: string) => ({
    chats: useChatsStore(id).list.map((chat) => chat.title),
    window: useMessagesStore(id).state('c1').window?.items.length ?? null,
    place: useConversationsStore(id).places.get('c1') ?? null,
    divider: useConversationsStore(id).dividers.get('c1') ?? null,
    draft: useConversationsStore(id).drafts.get('c1') ?? null,
    folder: useChatListStore(id).folder,
    screen: [useScreenStore(id).query, useScreenStore(id).place],
    unread: useUnreadStore(id).unread.messages,
    loaded: useChatsStore(id).loaded,
  });
  const EMPTY = {
    chats: [],
    window: null,
    place: null,
    divider: null,
    draft: null,
    folder: 'all',
    screen: ['', null],
    unread: 0,
    loaded: false,
  };

  test('begins empty when it is opened again; the other one keeps everything', async () => {
    const { open } = await used();
    const before = held(Y);
    expect(before.window).toBe(20);
    open(Y);
    open(Y, X);
    expect(held(X)).toEqual(EMPTY);
    expect(held(Y)).toEqual(before);
  });

  test('begins empty even where a screen on its way out has made a store once more', async () => {
    const { open } = await used();
    open(Y);
    useScreenStore(X).query = 'typed by nobody';
    useConversationsStore(X).drafts.set('c1', { text: 'kept by a composer that goes', replyTo: null });
    open(Y, X);
    expect(held(X)).toEqual(EMPTY);
  });

  test('takes nothing that was asked for before', async () => {
    const piece = deferred<Result<{ chats: ChatView[]; more: boolean }>>();
    const rest = vi.fn(() => piece.promise);
    installBridge({ chats: { rest } });
    const { open, hear } = listening();
    open(X);
    hear(X, { kind: 'chats:reset', chats: [chatView('a')], more: true });
    await vi.waitFor(() => expect(rest).toHaveBeenCalledTimes(1));
    const before = useChatsStore(X);
    open();
    open(X);
    piece.resolve(ok({ chats: [chatView('b')], more: true }));
    await flushPromises();
    expect(before.list.map((chat) => chat.id)).toEqual(['a']);
    expect(useChatsStore(X).list).toEqual([]);
    expect(rest).toHaveBeenCalledTimes(1);
  });

  test('ends its timers: what waits for a frame, or for another try', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'requestAnimationFrame', 'cancelAnimationFrame'] });
    try {
      const { open, hear } = await used();
      const flood = Array.from({ length: 100 }, (_, at) => stored(20 + at));
      hear(X, { kind: 'messages', chatId: 'c1', upserts: flood, removed: [] });
      expect(vi.getTimerCount()).toBeGreaterThan(0);
      open(Y);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('is not disposed of by a list in which it looks different only', async () => {
    const { app } = await used();
    const before = held(X);
    app({ kind: 'accounts', accounts: accountsView([accountView(X, { status: 'expired' }), accountView(Y)]) });
    expect(held(X)).toEqual(before);
  });
});

describe('an account in the background', () => {
  test('keeps its list and where the reader stood, and none of what was read', async () => {
    installBridge({ messages: { page: ({ chatId }) => Promise.resolve(ok({ ...pageOf(0, 20), chatId })) } });
    const { open, hear } = listening();
    open(X);
    hear(X, reset(chatView('c1')));
    const messages = useMessagesStore(X);
    await messages.open('c1', { at: 'latest' });
    useConversationsStore(X).places.set('c1', { at: 'row', key: 'm00003', offset: 8, near: 'm00003' });
    messages.letGo();
    hear(X, { kind: 'messages', chatId: 'c1', upserts: [stored(30, { chatId: 'c1' })], removed: [] });
    expect(messages.state('c1').window).toBeNull();
    expect(useChatsStore(X).list).toHaveLength(1);
    expect(useConversationsStore(X).places.get('c1')).toMatchObject({ key: 'm00003' });
  });

  test('does not take a page that was asked for before it was left, in the place of the one that is asked for after', async () => {
    const answers = [deferred<Result<MessagePage>>(), deferred<Result<MessagePage>>()];
    const page = vi.fn(() => (answers[page.mock.calls.length - 1] ?? deferred<never>()).promise);
    installBridge({ messages: { page } });
    const { open } = listening();
    open(X);
    const messages = useMessagesStore(X);
    const first = messages.open('c1', { at: 'latest' });
    messages.letGo();
    const second = messages.open('c1', { at: 'place', key: 'm00003' });
    answers[0]?.resolve(ok(pageOf(100, 120)));
    await first;
    expect(messages.state('c1').window).toBeNull();
    answers[1]?.resolve(ok(pageOf(0, 20)));
    await second;
    expect(messages.state('c1').window?.items[0]?.key).toBe('m00000');
    expect(page).toHaveBeenLastCalledWith(expect.objectContaining({ anchor: { at: 'around', key: 'm00003' } }));
  });
});
