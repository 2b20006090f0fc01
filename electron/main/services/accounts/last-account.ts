/** Which account the sign-in screen suggests. Pure. */
import type { AccountsView } from '#contract/ipc/views.ts';
import type { Registry } from './registry.ts';

function isAt(server: string, asked: string): boolean {
  return server === (URL.canParse(asked) ? new URL(asked).origin : asked);
}

/**
 * Of the accounts still stored on this computer, the one that was signed in last, by its server and name only; null if
 * there is none. `asked`: the server that the user started the app for; accounts on others are not suggested.
 */
export function lastAccount({ accounts }: Registry, asked: string | null): AccountsView['last'] {
  const found = accounts.find(({ account }) => asked === null || isAt(account.server, asked));
  return found ? { server: found.account.server, username: found.account.user.username } : null;
}
