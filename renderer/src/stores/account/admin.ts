/** The administrator's console of the account's server: who is signed in there, and what they ask for. Nothing is kept. */
import { computed, shallowRef } from 'vue';
import type { AdminList, UserSortName } from '#contract/api/admin.ts';
import type { AdminSession } from '#contract/ipc/admin-schemas.ts';
import type { Bridge, ChannelInput } from '#contract/ipc/channels.ts';
import type { Result } from '#contract/model/errors.ts';
import { ask } from '../bridge-call.ts';
import { defineAccountStore } from './account-store.ts';

type Without<N extends Parameters<Bridge['admin'][keyof Bridge['admin']]>[0]> = Omit<N, 'accountId'>;

export const useAdminStore = defineAccountStore('admin', (accountId) => {
  const session = shallowRef<AdminSession | null>(null);
  /** False until main has said whether somebody is signed in. */
  const known = shallowRef(false);

  /** Whoever is told to sign in first is no longer signed in. */
  async function asked<T>(command: (bridge: Bridge) => Promise<Result<T>>): Promise<Result<T>> {
    const result = await ask(command);
    if (!result.ok && result.error.code === 'unauthenticated') session.value = null;
    return result;
  }

  return {
    session: computed(() => session.value),
    known: computed(() => known.value),
    /** Asks main whether the session is still open; that counts as no use of it. */
    async check(): Promise<void> {
      const result = await ask((bridge) => bridge.admin.session({ accountId }));
      if (!result.ok) return;
      session.value = result.value;
      known.value = true;
    },
    async login(username: string, password: string): Promise<Result<AdminSession>> {
      const result = await ask((bridge) => bridge.admin.login({ accountId, username, password }));
      if (result.ok) session.value = result.value;
      return result;
    },
    async logout(): Promise<void> {
      session.value = null;
      await ask((bridge) => bridge.admin.logout({ accountId }));
    },
    statistics: (input: Without<ChannelInput<'admin.statistics'>>) =>
      asked((bridge) => bridge.admin.statistics({ accountId, ...input })),
    users: (input: Without<ChannelInput<'admin.users'>>) =>
      asked((bridge) => bridge.admin.users({ accountId, ...input })),
    messages: (input: Without<ChannelInput<'admin.messages'>>) =>
      asked((bridge) => bridge.admin.messages({ accountId, ...input })),
    reactions: (input: Without<ChannelInput<'admin.reactions'>>) =>
      asked((bridge) => bridge.admin.reactions({ accountId, ...input })),
    looks: (input: Without<ChannelInput<'admin.looks'>>) =>
      asked((bridge) => bridge.admin.looks({ accountId, ...input })),
    /** Null when the user wants no file. */
    save: (list: AdminList, sort: UserSortName, q: string | null) =>
      asked((bridge) => bridge.admin.export({ accountId, list, sort, ...(q === null ? {} : { q }) })),
  };
});
