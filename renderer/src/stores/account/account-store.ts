/**
 * Stores that exist once for each open account. Whoever stands in an account's part of the component tree gets that
 * account's store; everybody else names the account. When an account is closed its stores are disposed of, with their
 * timers and their state: opened again, it begins empty.
 */
import { defineStore, getActivePinia } from 'pinia';
import { hasInjectionContext, inject, shallowReactive, type InjectionKey } from 'vue';

/** The account around a component, as its shell provides it. */
export const ACCOUNT_ID: InjectionKey<string> = Symbol('account id');

/** True while a store is being made: the component that needs it may stand in the screens of another account. */
let making = false;

/** The account that is named, else the one around the calling component. Throws where there is neither. */
export function useAccountId(accountId?: string): string {
  const found = accountId ?? (hasInjectionContext() && !making ? inject(ACCOUNT_ID, undefined) : undefined);
  if (found === undefined) throw new Error("Outside of an account's screens the account must be named.");
  return found;
}

interface Disposable {
  readonly $id: string;
  $dispose(): void;
}

/** The stores that were made, by account. */
export const useAccountStores = defineStore('account-stores', () => {
  const made = new Map<string, Map<string, Disposable>>();
  const closings = shallowReactive(new Map<string, number>());

  return {
    /** Counts how often an account has been opened: whatever still holds stores of an earlier time must go. */
    openingOf: (accountId: string): number => closings.get(accountId) ?? 0,
    /** Takes down a store for the disposal of its account. */
    note(accountId: string, store: Disposable): void {
      const stores = made.get(accountId) ?? new Map<string, Disposable>();
      made.set(accountId, stores.set(store.$id, store));
    },
    /** Accounts that have stores. */
    accounts: (): string[] => [...made.keys()],
    /** Ends every store of an account and drops its state. */
    dispose(accountId: string): void {
      const state = getActivePinia()?.state.value;
      for (const store of made.get(accountId)?.values() ?? []) {
        store.$dispose();
        // A store that is made again under this id would begin with what it finds there.
        if (state) delete state[store.$id];
      }
      made.delete(accountId);
      closings.set(accountId, (closings.get(accountId) ?? 0) + 1);
    },
  };
});

/**
 * Defines a store that each account has its own of. The answer takes the account's id, which may be left out inside of
 * the account's screens. What `setup` starts it ends with `onScopeDispose`.
 */
export function defineAccountStore<SS>(name: string, setup: (accountId: string) => SS) {
  const define = (accountId: string) =>
    defineStore(`${name} of ${accountId}`, () => {
      const outer = making;
      making = true;
      try {
        return setup(accountId);
      } finally {
        making = outer;
      }
    });
  const defined = new Map<string, ReturnType<typeof define>>();

  return (accountId?: string) => {
    const id = useAccountId(accountId);
    const useStore = defined.get(id) ?? define(id);
    defined.set(id, useStore);
    const store = useStore();
    useAccountStores().note(id, store);
    return store;
  };
}
