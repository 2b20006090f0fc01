import type { AccountView } from '#contract/ipc/views.ts';

/** Distinguishes an account from the others, as `name@host`; null while it is the only one, or is not open. Pure. */
export function accountName(open: readonly AccountView[], accountId: string): string | null {
  const account = open.find(({ id }) => id === accountId);
  if (!account || open.length < 2) return null;
  const host = URL.canParse(account.server) ? new URL(account.server).host : account.server;
  return `${account.user.username}@${host}`;
}
