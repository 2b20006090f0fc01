/** Full-text search over the stored messages. The page keeps nothing of it: each screen holds its own answers. */
import { askAs, type AccountInput } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';

export const useSearchStore = defineAccountStore('search', (accountId) => {
  const ask = askAs(accountId);
  return {
    /** One page of hits. Works without a connection: main searches its own store. */
    messages: (input: AccountInput<'search.messages'>) => ask((bridge) => bridge.search.messages({ ...input })),
    /** Has main read a bounded piece of older messages that the query could find. Needs a connection. */
    further: (input: AccountInput<'search.further'>) => ask((bridge) => bridge.search.further({ ...input })),
  };
});
