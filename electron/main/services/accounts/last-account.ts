/** Whom the sign-in screen offers. Pure. */
import type { AccountsView } from '#contract/ipc/views.ts';
import type { Registry } from './registry.ts';

function isAt(server: string, asked: string): boolean {
  return server === (URL.canParse(asked) ? new URL(asked).origin : asked);
}

/**
 * The account that was signed in last of those this computer still keeps, by its server and name alone; null when there
 * is none. `asked`: the person has started the program for this server, and nobody of another one is offered.
 */
export function lastAccount({ accounts }: Registry, asked: string | null): AccountsView['last'] {
  const found = accounts.find(({ account }) => asked === null || isAt(account.server, asked));
  return found ? { server: found.account.server, username: found.account.user.username } : null;
}
