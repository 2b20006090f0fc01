/**
 * Names an account by user and server: one server may have several of a user's accounts, several servers the same name.
 */
import type { AccountIdentity } from '#contract/ipc/views.ts';
import { useWords } from '../i18n/use-words.ts';

/** The server's host and port for display; an invalid URL is returned unchanged. */
export function hostOf(server: string): string {
  return URL.canParse(server) ? new URL(server).host : server;
}

/** Returns a function that formats an account: "Ada at relay.example.org". */
export function useAccountName(): (account: AccountIdentity) => string {
  const { t } = useWords();
  return ({ user, server }) => t('accounts.name', { name: user.name, host: hostOf(server) });
}
