/** The open accounts, the one on the screen, and the commands to open and close accounts. Tokens never get here. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { ChannelInput } from '#contract/ipc/channels.ts';
import type { AppEvent } from '#contract/ipc/push.ts';
import type { AccountsView, AccountView } from '#contract/ipc/views.ts';
import { ask } from './bridge-call.ts';

export const useAccountsStore = defineStore('accounts', () => {
  const view = shallowRef<AccountsView | null>(null);
  /** The account the user is looking at; it may have been closed since. */
  const shown = ref<string | null>(null);

  const open = computed(() => view.value?.open ?? []);
  /** The account on the screen; before one was shown, the one to start with. Null when none is open. */
  const current = computed<AccountView | null>(
    () => get(shown.value) ?? get(view.value?.current ?? null) ?? open.value[0] ?? null,
  );

  function get(accountId: string | null): AccountView | null {
    return open.value.find(({ id }) => id === accountId) ?? null;
  }

  function apply(event: AppEvent): void {
    if (event.kind === 'accounts') view.value = event.accounts;
  }

  /** Switches to an account. Main is notified, so that the next start begins with it. */
  function show(accountId: string): void {
    const before = current.value?.id;
    shown.value = accountId;
    // Main logs a failure to save it.
    if (accountId !== before) void ask((bridge) => bridge.accounts.show({ accountId }));
  }

  /** Resolves when the account is open here: the response to a sign-in may arrive before the push event. */
  function untilOpen(accountId: string): Promise<void> {
    return new Promise((resolve) => {
      if (get(accountId)) {
        resolve();
        return;
      }
      const stop = watch(
        () => get(accountId) !== null,
        () => {
          stop();
          resolve();
        },
        { flush: 'sync' },
      );
    });
  }

  /** Puts the open accounts into this order: here at once, and in main. */
  function arrange(ids: readonly string[]) {
    if (view.value) {
      const placed = open.value.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
      view.value = { ...view.value, open: placed };
    }
    return ask((bridge) => bridge.accounts.arrange({ ids: [...ids] }));
  }

  return {
    view,
    open,
    current,
    get,
    apply,
    show,
    untilOpen,
    /** What kind of server is at an address, before anyone signs in. */
    probe: (server: string) => ask((bridge) => bridge.accounts.probe({ server })),
    register: (input: ChannelInput<'accounts.register'>) => ask((bridge) => bridge.accounts.register({ ...input })),
    login: (input: ChannelInput<'accounts.login'>) => ask((bridge) => bridge.accounts.login({ ...input })),
    /** `forget`: also deletes the account's data on this computer. */
    logout: (accountId: string, forget: boolean) => ask((bridge) => bridge.accounts.logout({ accountId, forget })),
    /** Closes all accounts. */
    logoutAll: (forget: boolean) => ask((bridge) => bridge.accounts.logoutAll({ forget })),
    arrange,
    keepWeakly: (keep: boolean) => ask((bridge) => bridge.accounts.keepWeakly({ keep })),
  };
});
