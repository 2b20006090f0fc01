/** Who an account is, and where: as the list of accounts has it now. Null once the account is closed. */
import { computed } from 'vue';
import { useAccountsStore } from '../accounts.ts';
import { defineAccountStore } from './account-store.ts';

export const useAccountStore = defineAccountStore('account', (accountId) => {
  const accounts = useAccountsStore();
  const account = computed(() => accounts.get(accountId));

  return {
    account,
    me: computed(() => account.value?.user ?? null),
    /** True when the person must sign in again before anything is sent. */
    expired: computed(() => account.value?.status === 'expired'),
    has: (capability: string) => account.value?.capabilities.includes(capability) ?? false,
  };
});
