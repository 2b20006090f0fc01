import type { Message } from '#contract/api/message.ts';
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
    list: 'users',
    items: users.page(...slice(query)).map(ownUser),
    rest: () => ({ total: users.count() }),
  }));

  /** Read when its turn comes. */
  function* messagesOn(page: Page): Generator<Message> {
    yield* viewsFor(null).messages(messages.page(...slice(page)));
  }

  serve('allMessages', ({ query }) => ({
    status: 200,
    list: 'messages',
    items: messagesOn(query),
    rest: () => ({ total: chats.totals().messages }),
  }));

  serve('allReactions', ({ query }) => ({
    status: 200,
    list: 'reactions',
    items: reactions.page(...slice(query)).map(reactionView),
    rest: () => ({ total: reactions.count() }),
  }));
}
