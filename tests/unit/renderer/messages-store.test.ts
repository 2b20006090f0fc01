// @vitest-environment happy-dom
/** How a flood comes into the chat on the screen: a few rows per frame, none lost, in the end the same window. */
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MessageView } from '#contract/ipc/views.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import { useAccountsStore } from '../../../renderer/src/stores/accounts.ts';
import { useMessagesStore } from '../../../renderer/src/stores/account/messages.ts';
import { ACCOUNT, accountsView, accountView, installBridge } from './bridge-double.ts';
import { pageOf, pending, stored } from './conversation/message.ts';

const FRAME_MS = 16;
const PAGE = 20;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => window.setTimeout(run, FRAME_MS));
  vi.stubGlobal('cancelAnimationFrame', (id: number) => window.clearTimeout(id));
  setActivePinia(createPinia());
  const page = pageOf(0, PAGE, { newer: 'end' });
  installBridge({ messages: { page: ({ chatId }) => Promise.resolve(ok({ ...page, chatId })) } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

type Store = ReturnType<typeof useMessagesStore>;

/** The store with chat c1 on the screen, at its newest message. */
async function opened(): Promise<Store> {
  const store = useMessagesStore(ACCOUNT);
  store.show('c1');
  await store.open('c1', { at: 'latest' });
  return store;
}

const keysIn = (store: Store, chatId = 'c1') => store.state(chatId).window?.items.map((item) => item.key) ?? [];
const arrived = (store: Store) => keysIn(store).length - PAGE;
const flood = (from: number, count: number): MessageView[] =>
  Array.from({ length: count }, (_, at) => stored(from + at));
const tell = (store: Store, upserts: MessageView[], removed: string[] = [], chatId = 'c1') =>
  store.apply({ kind: 'messages', chatId, upserts, removed });

describe('a flood in the chat on the screen', () => {
  test('one message is there at once', async () => {
    const store = await opened();
    tell(store, flood(PAGE, 1));
    expect(arrived(store)).toBe(1);
  });

  test('many come a few per frame, the oldest first, and all of them come', async () => {
    const store = await opened();
    tell(store, flood(PAGE, 100));
    const seen = [arrived(store)];
    while (arrived(store) < 100) {
      vi.advanceTimersByTime(FRAME_MS);
      seen.push(arrived(store));
      expect(seen.length).toBeLessThan(30);
    }
    const steps = seen.map((count, index) => count - (seen[index - 1] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(8);
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(keysIn(store)).toEqual(flood(0, PAGE + 100).map((message) => message.key));
  });

  test('the more wait, the more come: nobody waits for long', async () => {
    const store = await opened();
    tell(store, flood(PAGE, 1000));
    vi.advanceTimersByTime(FRAME_MS * 64);
    expect(arrived(store)).toBe(1000);
  });

  test("one's own message is there at once, and so is everything that was told before it", async () => {
    const store = await opened();
    tell(store, flood(PAGE, 100));
    store.take(pending(1));
    expect(arrived(store)).toBe(101);
    expect(keysIn(store).at(-1)).toBe(pending(1).key);
  });

  test('what was removed while it waited does not come', async () => {
    const store = await opened();
    tell(store, flood(PAGE, 100));
    const last = stored(PAGE + 99).key;
    tell(store, [], [last]);
    vi.advanceTimersByTime(1000);
    expect(arrived(store)).toBe(99);
    expect(keysIn(store)).not.toContain(last);
  });

  test('leaving the chat loses nothing', async () => {
    const store = await opened();
    tell(store, flood(PAGE, 100));
    store.show(null);
    expect(arrived(store)).toBe(100);
    vi.advanceTimersByTime(1000);
    expect(arrived(store)).toBe(100);
  });

  test('a page that is read in the middle keeps what waits, and what comes while it is read', async () => {
    const store = await opened();
    tell(store, flood(PAGE, 100));
    const reading = store.open('c1', { at: 'latest' });
    tell(store, flood(PAGE + 100, 50));
    await reading;
    vi.advanceTimersByTime(1000);
    // The page of the double has the first 20 only: what was told before the question is not in it, as if main had none.
    expect(keysIn(store)).toEqual([...flood(0, PAGE), ...flood(PAGE + 100, 50)].map((message) => message.key));
  });

  test('a chat that is not on the screen takes everything at once', async () => {
    const store = await opened();
    await store.open('c2', { at: 'latest' });
    tell(
      store,
      flood(PAGE, 100).map((message) => ({ ...message, chatId: 'c2' })),
      [],
      'c2',
    );
    expect(keysIn(store, 'c2')).toHaveLength(PAGE + 100);
  });
});

describe('what only the server has', () => {
  /** A chat with a gap before its messages, at a server with these extensions; what was asked of the server. */
  async function atGap(capabilities: string[]): Promise<{ store: Store; asked: string[] }> {
    const asked: string[] = [];
    const page = pageOf(0, PAGE, { older: 'gap', newer: 'end' });
    const answer = (): Promise<Result<typeof page>> => Promise.resolve(ok({ ...page, chatId: 'c1' }));
    installBridge({
      messages: {
        page: answer,
        fill: ({ edge }) => {
          asked.push(edge);
          return answer();
        },
      },
    });
    useAccountsStore().apply({
      kind: 'accounts',
      // What another account's server can do is of no help.
      accounts: accountsView([
        accountView('https://other.example.org me', { capabilities: ['cursors', 'message-read'] }),
        accountView(ACCOUNT, { capabilities }),
      ]),
    });
    return { store: await opened(), asked };
  }

  test('is fetched where a fetch leaves no trace, whether or not somebody looks', async () => {
    const { store, asked } = await atGap(['cursors', 'message-read']);
    store.look('c1', false);
    await store.extend('c1', 'older');
    expect(asked).toEqual(['older']);
  });

  test.each([[[]], [['message-read']], [['cursors']]])(
    'waits until somebody looks where a fetch reads (%j)',
    async (capabilities: string[]) => {
      const { store, asked } = await atGap(capabilities);
      store.look('c1', false);
      await store.extend('c1', 'older');
      await store.extend('c1', 'older', true);
      expect(asked).toEqual([]);
      store.look('c1', true);
      expect(asked).toEqual(['older']);
    },
  );
});
