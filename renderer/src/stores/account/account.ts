/** The account's identity and server, from the account list. Null once the account is closed. */
import { computed } from 'vue';
import { useAccountsStore } from '../accounts.ts';
import { defineAccountStore } from './account-store.ts';

export const useAccountStore = defineAccountStore('account', (accountId) => {
  const accounts = useAccountsStore();
  const account = computed(() => accounts.get(accountId));

  return {
    account,
    me: computed(() => account.value?.user ?? null),
    /** True when the user must sign in again before anything is sent. */
    expired: computed(() => account.value?.status === 'expired'),
    has: (capability: string) => account.value?.capabilities.includes(capability) ?? false,
  };
});
