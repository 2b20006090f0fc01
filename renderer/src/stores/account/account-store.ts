/**
 * Stores that exist once per open account. Inside an account's part of the component tree they resolve to that
 * account's store; elsewhere the account must be named. When an account is closed its stores are disposed of, with
 * their timers and state, so that reopening it starts empty.
 */
import { defineStore, getActivePinia } from 'pinia';
import { hasInjectionContext, inject, shallowReactive, type InjectionKey } from 'vue';

/** The account around a component, provided by its shell. */
export const ACCOUNT_ID: InjectionKey<string> = Symbol('account id');

/** True while a store is being created: the component that needs it may be on the screens of another account. */
let making = false;

/** The given account, otherwise the one around the calling component. Throws when there is neither. */
export function useAccountId(accountId?: string): string {
  const found = accountId ?? (hasInjectionContext() && !making ? inject(ACCOUNT_ID, undefined) : undefined);
  if (found === undefined) throw new Error("Outside of an account's screens the account must be named.");
  return found;
}

interface Disposable {
  readonly $id: string;
  $dispose(): void;
}

/** The stores created so far, by account. */
export const useAccountStores = defineStore('account-stores', () => {
  const made = new Map<string, Map<string, Disposable>>();
  const closings = shallowReactive(new Map<string, number>());

  return {
    /** Changes each time the account's stores are disposed of: whatever holds the old stores must be recreated. */
    openingOf: (accountId: string): number => closings.get(accountId) ?? 0,
    /** Registers a store for disposal with its account. */
    note(accountId: string, store: Disposable): void {
      const stores = made.get(accountId) ?? new Map<string, Disposable>();
      made.set(accountId, stores.set(store.$id, store));
    },
    /** Accounts that have stores. */
    accounts: (): string[] => [...made.keys()],
    /** Disposes of all stores of an account and drops their state. */
    dispose(accountId: string): void {
      const state = getActivePinia()?.state.value;
      for (const store of made.get(accountId)?.values() ?? []) {
        store.$dispose();
        // Otherwise a store created later with this id would start from the old state.
        if (state) delete state[store.$id];
      }
      made.delete(accountId);
      closings.set(accountId, (closings.get(accountId) ?? 0) + 1);
    },
  };
});

/**
 * Defines a store with one instance per account. The returned function takes the account's id, which is optional within
 * the account's screens. What `setup` starts it ends in `onScopeDispose`.
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
