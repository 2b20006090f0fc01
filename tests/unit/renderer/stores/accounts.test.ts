// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { AccountView } from '#contract/ipc/views.ts';
import { ok } from '#contract/model/errors.ts';
import { useAccountsStore } from '../../../../renderer/src/stores/accounts.ts';
import { accountsView, accountView, installBridge } from '../bridge-double.ts';

const [X, Y, Z] = ['https://one.example me', 'https://one.example you', 'https://two.example me'] as const;
const told = vi.fn<(accountId: string) => void>();
beforeEach(() => {
  setActivePinia(createPinia());
  told.mockReset();
  installBridge({
    accounts: {
      show: async ({ accountId }) => {
        told(accountId);
        return ok(null);
      },
    },
  });
});

/** The store with these accounts open; main says that the first one was looked at last. */
function opened(...ids: string[]) {
  const store = useAccountsStore();
  const open = (...now: string[]): void =>
    store.apply({ kind: 'accounts', accounts: accountsView(now.map((id): AccountView => accountView(id))) });
  open(...ids);
  return { store, open };
}

describe('the account on the screen', () => {
  test('is nobody before main has said anything, and where none is open', () => {
    const { store, open } = opened();
    expect([store.current, store.open]).toEqual([null, []]);
    open(X);
    expect(store.current?.id).toBe(X);
  });

  test('is at first the one that main names, then the one that was shown', () => {
    const { store, open } = opened(Y, X);
    expect(store.current?.id).toBe(Y);
    store.show(X);
    expect(store.current?.id).toBe(X);
    // Main may think otherwise for a moment: what the person looks at counts.
    open(Y, X);
    expect(store.current?.id).toBe(X);
  });

  test('is the one that main names again when the shown one is closed', () => {
    const { store, open } = opened(X, Y, Z);
    store.show(Y);
    open(Z, X);
    expect(store.current?.id).toBe(Z);
    expect(store.get(Y)).toBeNull();
  });

  test('is told to main with each change, and not when it is no news', () => {
    const { store } = opened(X, Y);
    for (const id of [X, X, Y, Y, X]) store.show(id);
    expect(told.mock.calls.flat()).toEqual([Y, X]);
  });
});

describe('the answer to a sign-in', () => {
  test('may come before the account is open here', async () => {
    const { store, open } = opened(X);
    let isOpen = false;
    const waiting = store.untilOpen(Y).then(() => (isOpen = true));
    open(X, Z);
    await Promise.resolve();
    expect(isOpen).toBe(false);
    open(X, Z, Y);
    await waiting;
    expect(isOpen).toBe(true);
  });

  test('or after it', async () => {
    const { store } = opened(X);
    await expect(store.untilOpen(X)).resolves.toBeUndefined();
  });
});
