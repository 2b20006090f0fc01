/** An account by its name: a person may have several on one server, and one name on several servers. */
import type { AccountIdentity } from '#contract/ipc/views.ts';
import { useWords } from '../i18n/use-words.ts';

/** The server's host and port, as a person writes them; what is no address stays as it is. */
export function hostOf(server: string): string {
  return URL.canParse(server) ? new URL(server).host : server;
}

/** Answers the words for an account: "Ada at relay.example.org". */
export function useAccountName(): (account: AccountIdentity) => string {
  const { t } = useWords();
  return ({ user, server }) => t('accounts.name', { name: user.name, host: hostOf(server) });
}
