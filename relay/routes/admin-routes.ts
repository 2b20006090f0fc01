import type { Serve } from '../http/serve.ts';
import type { Accounts } from '../services/accounts.ts';
import type { Administration } from '../services/administration.ts';

/** Routes of the administrator. */
export function adminRoutes(
  serve: Serve,
  { accounts, administration }: { accounts: Accounts; administration: Administration },
): void {
  serve('adminLogin', async ({ body, address }) => ({
    status: 200,
    body: { token: await accounts.adminLogin(body, address) },
  }));

  serve('statistics', async () => ({ status: 200, body: await administration.statistics() }));

  serve('allUsers', ({ query }) => {
    const { items, total } = administration.users(query);
    return { status: 200, list: 'users', items, rest: async () => ({ total: await total() }) };
  });

  serve('allMessages', ({ query }) => {
    const { items, total } = administration.messages(query);
    return { status: 200, list: 'messages', items, rest: async () => ({ total: await total() }) };
  });

  serve('allReactions', ({ query }) => {
    const { items, total } = administration.reactions(query);
    return { status: 200, list: 'reactions', items, rest: async () => ({ total: await total() }) };
  });
}
