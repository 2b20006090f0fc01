/** Full-text search over the stored messages. Keeps no state: each screen holds its own results. */
import { askAs, type AccountInput } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';

export const useSearchStore = defineAccountStore('search', (accountId) => {
  const ask = askAs(accountId);
  return {
    /** One page of hits. Works offline: main searches its own store. */
    messages: (input: AccountInput<'search.messages'>) => ask((bridge) => bridge.search.messages({ ...input })),
    /** Lets main fetch a limited number of older messages that may match the query. Needs a connection. */
    further: (input: AccountInput<'search.further'>) => ask((bridge) => bridge.search.further({ ...input })),
    /** Music and files, with who shared them, when, and what was said around them. Works offline. */
    shared: (input: AccountInput<'search.shared'>) => ask((bridge) => bridge.search.shared({ ...input })),
  };
});
