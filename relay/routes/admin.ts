import { LIMITS } from '#contract/model/limits.ts';
import type { Serve } from '../http/serve.ts';
import type { RelayNode } from '../node.ts';
import { ownUser, reactionView } from '../services/views.ts';

interface Page {
  limit?: number | undefined;
  offset?: number | undefined;
}

function slice({ limit = LIMITS.page.default, offset = 0 }: Page): [number, number] {
  return [limit, offset];
}

/** What an administrator sees. */
export function adminRoutes(serve: Serve, node: RelayNode): void {
  const { accounts, users, chats, messages, reactions, hub, viewsFor } = node;

  serve('adminLogin', async ({ body, address }) => ({
    status: 200,
    body: { token: await accounts.adminLogin(body, address) },
  }));

  serve('statistics', () => {
    const totals = chats.totals();
    return {
      status: 200,
      body: {
        users: users.count(),
        messages: totals.messages,
        chats: totals.chats,
        // This node keeps neither files nor calls, so there is none of either.
        files: 0,
        calls: 0,
        online: hub.online,
        storageBytes: node.storageBytes(),
        uptime: node.uptimeSeconds(),
      },
    };
  });

  serve('allUsers', ({ query }) => ({
    status: 200,
    body: { users: users.page(...slice(query)).map(ownUser), total: users.count() },
  }));

  serve('allMessages', ({ query }) => {
    const views = viewsFor(null);
    const rows = messages.page(...slice(query));
    return { status: 200, body: { messages: rows.map((row) => views.message(row)), total: chats.totals().messages } };
  });

  serve('allReactions', ({ query }) => ({
    status: 200,
    body: { reactions: reactions.page(...slice(query)).map(reactionView), total: reactions.count() },
  }));
}
