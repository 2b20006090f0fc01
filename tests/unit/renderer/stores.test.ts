// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ConnectionView, ChatView, MessagePage, SettingsView } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { useChatListStore } from '../../../renderer/src/stores/account/chat-list.ts';
import { useChatsStore } from '../../../renderer/src/stores/account/chats.ts';
import { usePeopleStore } from '../../../renderer/src/stores/account/people.ts';
import { useSettingsStore } from '../../../renderer/src/stores/settings.ts';
import { useConnectionStore } from '../../../renderer/src/stores/account/connection.ts';
import { useTypingStore } from '../../../renderer/src/stores/account/typing.ts';
import { useUiStore } from '../../../renderer/src/stores/ui.ts';
import { ACCOUNT, chatView, deferred, installBridge, SETTINGS, userView } from './bridge-double.ts';

beforeEach(() => setActivePinia(createPinia()));

describe('settings', () => {
  test('a change shows at once and is taken back when it was not kept', async () => {
    const answer = deferred<Result<SettingsView>>();
    installBridge({ settings: { update: () => answer.promise } });
    const store = useSettingsStore();
    store.apply({ kind: 'settings', settings: SETTINGS });
    const done = store.update({ theme: 'dark' });
    expect(store.settings.theme).toBe('dark');
    answer.resolve(fail('storage_failed', 'x'));
    await done;
    expect(store.settings.theme).toBe('system');
  });

  test('an early answer does not undo a later choice', async () => {
    const answers = [deferred<Result<SettingsView>>(), deferred<Result<SettingsView>>()];
    const update = vi.fn(() => (answers[update.mock.calls.length - 1] ?? deferred<Result<SettingsView>>()).promise);
    installBridge({ settings: { update } });
    const store = useSettingsStore();
    const first = store.update({ theme: 'dark' });
    const second = store.update({ theme: 'light' });
    answers[0]?.resolve(ok({ ...SETTINGS, theme: 'dark' }));
    await first;
    expect(store.settings.theme).toBe('light');
    answers[1]?.resolve(ok({ ...SETTINGS, theme: 'light' }));
    await second;
    expect(store.settings.theme).toBe('light');
  });
});

describe('chats', () => {
  test('a reset replaces, later events change', () => {
    const store = useChatsStore(ACCOUNT);
    expect(store.loaded).toBe(false);
    store.apply({
      kind: 'chats:reset',
      chats: [chatView('a', { activityAt: 1 }), chatView('b', { activityAt: 2 })],
      more: false,
    });
    expect(store.loaded).toBe(true);
    expect(store.list.map((chat) => chat.id)).toEqual(['b', 'a']);
    store.apply({ kind: 'chats', upserts: [chatView('a', { activityAt: 3 }), chatView('c')], removed: ['b'] });
    expect(store.list.map((chat) => chat.id)).toEqual(['a', 'c']);
    expect(store.get('b')).toBeNull();
  });

  test('a list that came in part is completed piece by piece, and what was pushed meanwhile is newer', async () => {
    const pieces = [
      deferred<Result<{ chats: ChatView[]; more: boolean }>>(),
      deferred<Result<{ chats: ChatView[]; more: boolean }>>(),
    ];
    const rest = vi.fn(
      (_input: { after: { id: string } }) => (pieces[rest.mock.calls.length - 1] ?? deferred<never>()).promise,
    );
    installBridge({ chats: { rest } });
    const store = useChatsStore(ACCOUNT);
    store.apply({ kind: 'chats:reset', chats: [chatView('a', { activityAt: 9 })], more: true });
    expect([store.loaded, store.complete]).toEqual([true, false]);
    await vi.waitFor(() =>
      expect(rest).toHaveBeenCalledWith({ accountId: ACCOUNT, after: { pinned: false, activityAt: 9, id: 'a' } }),
    );
    store.apply({ kind: 'chats', upserts: [chatView('b', { activityAt: 10 })], removed: [] });
    pieces[0]?.resolve(ok({ chats: [chatView('b', { activityAt: 5 }), chatView('c', { activityAt: 4 })], more: true }));
    await vi.waitFor(() =>
      expect(rest).toHaveBeenLastCalledWith({ accountId: ACCOUNT, after: { pinned: false, activityAt: 4, id: 'c' } }),
    );
    expect(store.complete).toBe(false);
    pieces[1]?.resolve(ok({ chats: [chatView('d', { activityAt: 3 })], more: false }));
    await vi.waitFor(() => expect(store.complete).toBe(true));
    expect(store.list.map((chat) => chat.id)).toEqual(['b', 'a', 'c', 'd']);
  });

  test('what did not come is asked for again, and the screens know that it is missing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const answers: Result<{ chats: ChatView[]; more: boolean }>[] = [
      fail('storage_failed', 'busy'),
      ok({ chats: [chatView('b')], more: false }),
    ];
    const rest = vi.fn(() => Promise.resolve(answers.shift() ?? fail('internal', 'none left')));
    installBridge({ chats: { rest } });
    const store = useChatsStore(ACCOUNT);
    store.apply({ kind: 'chats:reset', chats: [chatView('a', { activityAt: 9 })], more: true });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(rest).toHaveBeenCalledTimes(1);
    expect(store.complete).toBe(false);
    await vi.advanceTimersByTimeAsync(3_000);
    vi.useRealTimers();
    expect(store.complete).toBe(true);
    expect(store.list.map((chat) => chat.id)).toEqual(['a', 'b']);
  });

  test('what was asked for an earlier list is let go', async () => {
    const piece = deferred<Result<{ chats: ChatView[]; more: boolean }>>();
    const rest = vi.fn(() => piece.promise);
    installBridge({ chats: { rest } });
    const store = useChatsStore(ACCOUNT);
    store.apply({ kind: 'chats:reset', chats: [chatView('a')], more: true });
    await vi.waitFor(() => expect(rest).toHaveBeenCalledTimes(1));
    store.apply({ kind: 'chats:reset', chats: [chatView('z')], more: false });
    piece.resolve(ok({ chats: [chatView('b')], more: true }));
    await piece.promise;
    await Promise.resolve();
    expect(store.list.map((chat) => chat.id)).toEqual(['z']);
    expect(rest).toHaveBeenCalledTimes(1);
  });

  test('an answer of a command is taken without waiting for the push', async () => {
    installBridge({ chats: { organise: () => Promise.resolve(ok(chatView('a', { pinned: true }))) } });
    const store = useChatsStore(ACCOUNT);
    store.apply({ kind: 'chats:reset', chats: [chatView('b', { activityAt: 5 }), chatView('a')], more: false });
    await store.organise({ chatId: 'a', pinned: true });
    expect(store.list.map((chat) => chat.id)).toEqual(['a', 'b']);
  });

  test('marking read takes the newest message that the server has', async () => {
    const message = (key: string, id: string | null) => ({ key, id }) as MessagePage['items'][number];
    const markRead = vi.fn(() => Promise.resolve(ok(null)));
    const page: MessagePage = {
      chatId: 'a',
      items: [message('1', 's1'), message('2', 's2'), message('3', null)],
      older: 'end',
      newer: 'end',
      readUpTo: null,
    };
    installBridge({
      chats: { organise: () => Promise.resolve(ok(chatView('a'))), markRead },
      messages: { page: () => Promise.resolve(ok(page)) },
    });
    expect((await useChatsStore(ACCOUNT).markAllRead('a')).ok).toBe(true);
    expect(markRead).toHaveBeenCalledWith({ accountId: ACCOUNT, chatId: 'a', messageId: 's2' });
  });

  test('the open chat stays in the unread folder', () => {
    const chats = useChatsStore(ACCOUNT);
    const list = useChatListStore(ACCOUNT);
    chats.apply({ kind: 'chats:reset', chats: [chatView('a', { unread: 1 }), chatView('b')], more: false });
    list.folder = 'unread';
    list.openChatId = 'a';
    chats.apply({ kind: 'chats', upserts: [chatView('a')], removed: [] });
    expect(list.shown.map((chat) => chat.id)).toEqual(['a']);
    expect(list.unreadChats).toBe(0);
    list.openChatId = 'b';
    expect(list.shown.map((chat) => chat.id)).toEqual(['b']);
  });
});

test('an empty list is on its way until the first word of how the connection went, and after the next sign-in again', () => {
  const store = useConnectionStore(ACCOUNT);
  const hear = (phase: ConnectionView['phase']): boolean => {
    store.apply({ kind: 'connection', connection: { phase, retryAt: null, reason: null } });
    return store.starting;
  };
  expect(store.starting).toBe(true);
  expect((['idle', 'connecting', 'syncing'] as const).map(hear)).toEqual([true, true, true]);
  expect((['live', 'connecting', 'waiting', 'connecting'] as const).map(hear)).toEqual([false, false, false, false]);
  expect((['idle', 'connecting', 'offline'] as const).map(hear)).toEqual([true, true, false]);
});

test('a key store that does not answer is a first word too, and told as what it is', () => {
  const store = useConnectionStore(ACCOUNT);
  store.apply({ kind: 'connection', connection: { phase: 'connecting', retryAt: null, reason: null } });
  expect([store.waitsForKeys, store.starting]).toEqual([false, true]);
  for (const phase of ['connecting', 'waiting'] as const) {
    store.apply({ kind: 'connection', connection: { phase, retryAt: null, reason: 'secret_store_failed' } });
    expect([store.waitsForKeys, store.starting]).toEqual([true, false]);
  }
  store.apply({ kind: 'connection', connection: { phase: 'live', retryAt: null, reason: null } });
  expect(store.waitsForKeys).toBe(false);
});

test('typing ends with the connection, because nobody will say so any more', () => {
  const store = useTypingStore(ACCOUNT);
  const users = [{ id: 'u', name: 'Ann' }];
  store.apply({ kind: 'typing', chatId: 'a', users });
  expect(store.usersIn('a')).toEqual(users);
  store.apply({ kind: 'typing', chatId: 'a', users: [] });
  expect(store.usersIn('a')).toEqual([]);
  store.apply({ kind: 'typing', chatId: 'a', users });
  store.apply({ kind: 'connection', connection: { phase: 'offline', retryAt: null, reason: null } });
  expect(store.usersIn('a')).toEqual([]);
});

test('presence: the last word heard, else the record; nobody knows while the server is away', () => {
  const store = usePeopleStore(ACCOUNT);
  const connection = useConnectionStore(ACCOUNT);
  const phase = (name: 'live' | 'waiting'): void =>
    connection.apply({ kind: 'connection', connection: { phase: name, retryAt: null, reason: null } });
  phase('live');
  const user = userView('u', { online: false, lastSeenAt: 5 });
  expect(store.presenceOf(user)).toEqual({ online: false, lastSeenAt: 5 });
  store.apply({ kind: 'presence', userId: 'u', online: true, lastSeenAt: null });
  expect(store.presenceOf(user).online).toBe(true);
  phase('waiting');
  expect(store.presenceOf(user).online).toBeNull();
  phase('live');
  expect(store.presenceOf(user).online).toBe(true);
  store.apply({ kind: 'chats:reset', chats: [], more: false });
  expect(store.presenceOf(user).online).toBe(false);
});

test('notices: the same word once, three at most, gone when dismissed', () => {
  const ui = useUiStore();
  for (const text of ['a', 'b', 'a', 'c', 'd']) ui.toast(text);
  expect(ui.toasts.map((toast) => toast.text)).toEqual(['a', 'c', 'd']);
  ui.dismiss(ui.toasts[0]?.id ?? -1);
  expect(ui.toasts.map((toast) => toast.text)).toEqual(['c', 'd']);
  // The same word about another account is another one.
  ui.toast('d', { accountId: ACCOUNT });
  expect(ui.toasts.map((toast) => [toast.text, toast.accountId])).toEqual([
    ['c', null],
    ['d', null],
    ['d', ACCOUNT],
  ]);
});

test('a place that is asked for, and a notice, know their account', () => {
  const ui = useUiStore();
  const hear = ui.applyOf(ACCOUNT);
  hear({ kind: 'open', chatId: 'x', messageId: null });
  expect(ui.wanted).toEqual({ accountId: ACCOUNT, chatId: 'x', messageId: null });
  hear({ kind: 'notice', notice: 'send_failed', code: 'too_large' });
  ui.applyOf('another')({ kind: 'notice', notice: 'store_rebuilt', code: null });
  expect(ui.takeNotices()).toEqual([
    { accountId: ACCOUNT, notice: 'send_failed', code: 'too_large' },
    { accountId: 'another', notice: 'store_rebuilt', code: null },
  ]);
  expect(ui.takeNotices()).toEqual([]);
});
