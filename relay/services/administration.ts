/** The administrator's view of the whole node. */
import type { Message, Reaction } from '#contract/api/message.ts';
import type { User } from '#contract/api/user.ts';
import { LIMITS } from '#contract/model/limits.ts';
import type { RouteAnswer } from '#contract/routes.ts';
import type { Bus } from '../delivery/ports.ts';
import type { Chats, Messages, Reactions, Users } from '../repositories/ports.ts';
import { ownUser, reactionView, type ViewsFor } from './views.ts';

export interface AdministrationOptions {
  users: Pick<Users, 'page' | 'count'>;
  chats: Pick<Chats, 'totals'>;
  messages: Pick<Messages, 'page'>;
  reactions: Pick<Reactions, 'page' | 'count'>;
  bus: Pick<Bus, 'count'>;
  viewsFor: ViewsFor;
  /** Size of the database on disk in bytes. */
  storageBytes: () => number;
  uptimeSeconds: () => number;
}

interface Page {
  limit?: number | undefined;
  offset?: number | undefined;
}

/** A page of a list; the total is computed only on demand. */
interface Part<T> {
  items: Iterable<T>;
  total: () => number;
}

function slice({ limit = LIMITS.page.default, offset = 0 }: Page): [number, number] {
  return [limit, offset];
}

export type Administration = ReturnType<typeof createAdministration>;

export function createAdministration(options: AdministrationOptions) {
  const { users, chats, messages, reactions, bus, viewsFor, storageBytes, uptimeSeconds } = options;

  /** Lazy: rows are read as they are consumed. */
  function* messagesOn(page: Page): Generator<Message> {
    yield* viewsFor(null).messages(messages.page(...slice(page)));
  }

  return {
    async statistics(): Promise<RouteAnswer<'statistics'>> {
      const totals = chats.totals();
      return {
        users: users.count(),
        messages: totals.messages,
        chats: totals.chats,
        // This node supports neither files nor calls.
        files: 0,
        calls: 0,
        online: await bus.count(),
        storageBytes: storageBytes(),
        uptime: uptimeSeconds(),
      };
    },
    users: (page: Page): Part<User> => ({
      items: users.page(...slice(page)).map(ownUser),
      total: () => users.count(),
    }),
    messages: (page: Page): Part<Message> => ({ items: messagesOn(page), total: () => chats.totals().messages }),
    reactions: (page: Page): Part<Reaction> => ({
      items: reactions.page(...slice(page)).map(reactionView),
      total: () => reactions.count(),
    }),
  };
}
