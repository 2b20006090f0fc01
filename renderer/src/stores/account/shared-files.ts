/** What was shared in a chat, from main's local store. Keeps no state: the side panel holds its own pages. */
import { askAs, type AccountInput } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';

export const useSharedFilesStore = defineAccountStore('shared-files', (accountId) => {
  const ask = askAs(accountId);
  return {
    /** A page of files, newest first. */
    files: (input: AccountInput<'files.shared'>) => ask((bridge) => bridge.files.shared({ ...input })),
    /** A page of links, newest first. */
    links: (input: AccountInput<'files.links'>) => ask((bridge) => bridge.files.links({ ...input })),
  };
});
