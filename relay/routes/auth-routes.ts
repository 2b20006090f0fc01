import type { Serve } from '../http/serve.ts';
import type { Accounts } from '../services/accounts.ts';
import { ownUser } from '../services/views.ts';

/** Registration and sign-in. */
export function authRoutes(serve: Serve, { accounts }: { accounts: Accounts }): void {
  serve('register', async ({ body, address }) => {
    const { user, token } = await accounts.register(body, address);
    return { status: 201, body: { user: ownUser(user), token } };
  });
  serve('login', async ({ body, address }) => {
    const { user, token } = await accounts.login(body, address);
    return { status: 200, body: { user: ownUser(user), token } };
  });
  serve('me', ({ user }) => ({ status: 200, body: { user: ownUser(user) } }));
}
