// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AccountEvent, AppEvent, PushEvent } from '#contract/ipc/push.ts';
import type { ChatView, Snapshot } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { createDispatcher, type Dispatcher } from '../../../renderer/src/stores/dispatcher.ts';
import {
  ACCOUNT,
  accountSnapshot,
  accountsView,
  accountView,
  chatView,
  deferred,
  installBridge,
  snapshotView,
} from './bridge-double.ts';

const OTHER = 'https://other.example.org me';
const APP_KINDS = ['settings', 'accounts', 'unread'];
const ACCOUNT_KINDS = ['connection', 'unread', 'chats:reset'];
const SNAPSHOT_KINDS = [...APP_KINDS, ...ACCOUNT_KINDS.map((kind) => `${ACCOUNT}: ${kind}`)];
const of = (accountId: string, event: AccountEvent): PushEvent => ({ accountId, event });
const notice = of(ACCOUNT, { kind: 'notice', notice: 'outbox_rescued', code: null });
const change = (accountId: string, ...chats: ChatView[]): PushEvent =>
  of(accountId, { kind: 'chats', upserts: chats, removed: [] });
let dispatcher: Dispatcher | undefined;
afterEach(() => dispatcher?.stop());

/** Hears everything, and writes down what came to whom. */
function listen() {
  const heard: string[] = [];
  const events: (AccountEvent | AppEvent)[] = [];
  const hear = (who: string) => ({
    apply(event: AccountEvent | AppEvent) {
      heard.push(`${who}${event.kind}`);
      events.push(event);
    },
  });
  return { heard, events, targets: { app: [hear('')], ofAccount: (id: string) => [hear(`${id}: `)] } };
}

const live = (more: Partial<Snapshot> = {}) => installBridge({ app: { ready: async () => ok(snapshotView(more)) } });

describe('the dispatcher', () => {
  test('hands out the snapshot as events, then what came meanwhile, then what follows', async () => {
    const answer = deferred<Result<Snapshot>>();
    const bridge = installBridge({ app: { ready: () => answer.promise } }, 7);
    const { heard, targets } = listen();
    const prepared: number[] = [];
    dispatcher = createDispatcher(targets, (snapshot) => void prepared.push(snapshot.seq));
    const started = dispatcher.start();
    bridge.push(notice);
    expect(heard).toEqual([]);
    answer.resolve(ok(snapshotView({ seq: 7, states: [accountSnapshot(ACCOUNT, { chats: [chatView('a')] })] })));
    expect((await started).ok).toBe(true);
    expect(prepared).toEqual([7]);
    expect(heard).toEqual([...SNAPSHOT_KINDS, `${ACCOUNT}: notice`]);
    bridge.push({ kind: 'unread', unread: { messages: 2, chats: 1 } });
    expect(heard.at(-1)).toBe('unread');
  });

  test('sends each event to the stores of its account, and those of the application to all alike', async () => {
    const accounts = accountsView([accountView(), accountView(OTHER)]);
    const bridge = live({ accounts, states: [accountSnapshot(), accountSnapshot(OTHER)] });
    const { heard, targets } = listen();
    dispatcher = createDispatcher(targets, () => undefined);
    await dispatcher.start();
    expect(heard).toEqual([...SNAPSHOT_KINDS, ...ACCOUNT_KINDS.map((kind) => `${OTHER}: ${kind}`)]);
    heard.length = 0;
    bridge.push(
      of(OTHER, { kind: 'typing', chatId: 'a', users: [] }),
      of(ACCOUNT, { kind: 'messages:stale', chatId: 'a' }),
      { kind: 'unread', unread: { messages: 1, chats: 1 } },
    );
    expect(heard).toEqual([`${OTHER}: typing`, `${ACCOUNT}: messages:stale`, 'unread']);
  });

  test('asks once more after a gap, however many batches come behind it', async () => {
    const answers = [deferred<Result<Snapshot>>(), deferred<Result<Snapshot>>()];
    const ready = vi.fn(() => (answers[ready.mock.calls.length - 1] ?? deferred<Result<Snapshot>>()).promise);
    const bridge = installBridge({ app: { ready } });
    const { heard, targets } = listen();
    dispatcher = createDispatcher(targets, () => undefined);
    const started = dispatcher.start();
    answers[0]?.resolve(ok(snapshotView({ seq: 1 })));
    await started;
    heard.length = 0;
    bridge.batch({ seq: 4, events: [notice] });
    bridge.batch({ seq: 5, events: [notice] });
    expect(ready).toHaveBeenCalledTimes(2);
    expect(heard).toEqual([]);
    answers[1]?.resolve(ok(snapshotView({ seq: 4 })));
    await dispatcher.start();
    expect(heard).toEqual([...SNAPSHOT_KINDS, `${ACCOUNT}: notice`]);
  });

  test('a refusal is an answer, and a later try succeeds', async () => {
    const results: Result<Snapshot>[] = [fail('storage_failed', 'disk full'), ok(snapshotView())];
    installBridge({ app: { ready: () => Promise.resolve(results.shift() ?? fail('internal', 'none left')) } });
    const { heard, targets } = listen();
    dispatcher = createDispatcher(targets, () => undefined);
    expect(await dispatcher.start()).toMatchObject({ ok: false, error: { code: 'storage_failed' } });
    expect(heard).toEqual([]);
    expect((await dispatcher.start()).ok).toBe(true);
    expect(heard).toEqual(SNAPSHOT_KINDS);
  });

  test('a bridge that breaks is an answer too', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    installBridge({ app: { ready: () => Promise.reject(new Error('gone')) } });
    dispatcher = createDispatcher({ app: [], ofAccount: () => [] }, () => undefined);
    expect(await dispatcher.start()).toMatchObject({ ok: false, error: { code: 'internal' } });
    error.mockRestore();
  });

  test('one store that stumbles does not silence the next', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    live();
    const { heard, targets } = listen();
    const broken = {
      apply: () => {
        throw new Error('broken');
      },
    };
    dispatcher = createDispatcher(
      { app: [broken, ...targets.app], ofAccount: (id) => [broken, ...targets.ofAccount(id)] },
      () => undefined,
    );
    await dispatcher.start();
    expect(heard).toEqual(SNAPSHOT_KINDS);
    expect(error).toHaveBeenCalledTimes(SNAPSHOT_KINDS.length);
    error.mockRestore();
  });

  test('stop ends the subscription', () => {
    const bridge = installBridge({});
    const one = createDispatcher({ app: [], ofAccount: () => [] }, () => undefined);
    expect(bridge.listeners()).toBe(1);
    one.stop();
    expect(bridge.listeners()).toBe(0);
  });
});

describe('a flood', () => {
  const FRAME_MS = 16;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', (run: () => void) => window.setTimeout(run, FRAME_MS));
    vi.stubGlobal('cancelAnimationFrame', (id: number) => window.clearTimeout(id));
    setActivePinia(createPinia());
  });
  afterEach(() => {
    dispatcher?.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  /** A dispatcher that has rested since its snapshot. */
  async function rested() {
    const accounts = accountsView([accountView(), accountView(OTHER)]);
    const bridge = live({ accounts, states: [accountSnapshot(), accountSnapshot(OTHER)] });
    const listened = listen();
    dispatcher = createDispatcher(listened.targets, () => undefined);
    await dispatcher.start();
    vi.advanceTimersByTime(1000);
    listened.heard.length = 0;
    listened.events.length = 0;
    return { bridge, ...listened };
  }

  test('the lists of all accounts change ten times a second at most, and end with the last of everything', async () => {
    const { bridge, heard, events } = await rested();
    for (let ms = 0; ms < 1000; ms += 10) {
      bridge.push(change(ACCOUNT, chatView('a', { unread: ms })), change(OTHER, chatView('b', { unread: ms })));
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(100);
    for (const id of [ACCOUNT, OTHER]) {
      const turns = heard.filter((line) => line === `${id}: chats`).length;
      expect(turns).toBeGreaterThanOrEqual(10);
      expect(turns).toBeLessThanOrEqual(11);
    }
    const last = events.slice(-2).flatMap((event) => (event.kind === 'chats' ? event.upserts : []));
    expect(last.map((chat) => [chat.id, chat.unread])).toEqual([
      ['a', 990],
      ['b', 990],
    ]);
  });

  test('what is typed and said comes once per frame, in one event where it is one thing', async () => {
    const { bridge, heard } = await rested();
    const typing = of(ACCOUNT, { kind: 'typing', chatId: 'a', users: [] });
    for (let ms = 0; ms < 10 * FRAME_MS; ms++) {
      bridge.push(typing);
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(FRAME_MS);
    expect(heard.length).toBeGreaterThanOrEqual(10);
    expect(heard.length).toBeLessThanOrEqual(12);
  });

  test('a new list comes at once, behind everything that was pushed before it and before what follows', async () => {
    const { bridge, heard } = await rested();
    const presence = of(ACCOUNT, { kind: 'presence', userId: 'u', online: true, lastSeenAt: null });
    const typing = of(ACCOUNT, { kind: 'typing', chatId: 'a', users: [] });
    // These two are there at once, and what follows waits for its turn.
    bridge.push(change(ACCOUNT, chatView('a')), typing);
    bridge.push(change(ACCOUNT, chatView('b')), typing);
    bridge.push(of(ACCOUNT, { kind: 'chats:reset', chats: [], more: false }), presence, change(ACCOUNT, chatView('c')));
    expect(heard.map((line) => line.replace(`${ACCOUNT}: `, ''))).toEqual([
      'typing',
      'chats',
      'typing',
      'chats',
      'chats:reset',
    ]);
    vi.advanceTimersByTime(100);
    expect(heard.slice(5).map((line) => line.replace(`${ACCOUNT}: `, ''))).toEqual(['presence', 'chats']);
  });

  test('an account that is closed and opened again within one batch is closed in between', async () => {
    const { bridge, heard, events } = await rested();
    bridge.push(
      change(ACCOUNT, chatView('old')),
      { kind: 'accounts', accounts: accountsView([accountView(OTHER)]) },
      { kind: 'accounts', accounts: accountsView([accountView(OTHER), accountView()]) },
      of(ACCOUNT, { kind: 'chats:reset', chats: [], more: false }),
    );
    expect(heard).toEqual([`${ACCOUNT}: chats`, 'accounts', 'accounts', `${ACCOUNT}: chats:reset`]);
    expect(events.flatMap((event) => (event.kind === 'accounts' ? [event.accounts.open.length] : []))).toEqual([1, 2]);
  });
});
