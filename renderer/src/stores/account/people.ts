/** People beyond the chats: server search, profiles, and presence. */
import { shallowReactive } from 'vue';
import type { AccountEvent } from '#contract/ipc/push.ts';
import type { UserView } from '#contract/ipc/views.ts';
import { askAs, type AccountInput } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';
import { useConnectionStore } from './connection.ts';

export interface Presence {
  /** Null when the server does not report it. */
  online: boolean | null;
  lastSeenAt: number | null;
}

export const usePeopleStore = defineAccountStore('people', (accountId) => {
  const ask = askAs(accountId);
  const heard = shallowReactive(new Map<string, Presence>());
  const connection = useConnectionStore(accountId);

  function apply(event: AccountEvent): void {
    if (event.kind === 'presence') heard.set(event.userId, { online: event.online, lastSeenAt: event.lastSeenAt });
    else if (event.kind === 'chats:reset') heard.clear();
  }

  return {
    apply,
    /** The latest presence: the pushed one, otherwise that of the user's record. Unknown while disconnected. */
    presenceOf(user: UserView): Presence {
      const { online, lastSeenAt } = heard.get(user.id) ?? user;
      return connection.connection.phase === 'live' ? { online, lastSeenAt } : { online: null, lastSeenAt };
    },
    search: (q: string) => ask((bridge) => bridge.users.search({ q })),
    updateMe: (input: AccountInput<'users.updateMe'>) => ask((bridge) => bridge.users.updateMe({ ...input })),
    get: (id: string) => ask((bridge) => bridge.users.get({ id })),
  };
});
