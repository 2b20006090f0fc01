/** What an administrator sees of the whole node. */
import type { Message, Reaction } from '#contract/api/message.ts';
import type { User } from '#contract/api/user.ts';
import { LIMITS } from '#contract/model/limits.ts';
import type { RouteAnswer } from '#contract/routes.ts';
import type { Hub } from '../delivery/ports.ts';
import type { Chats, Messages, Reactions, Users } from '../repositories/ports.ts';
import { ownUser, reactionView, type ViewsFor } from './views.ts';

export interface AdministrationOptions {
  users: Pick<Users, 'page' | 'count'>;
  chats: Pick<Chats, 'totals'>;
  messages: Pick<Messages, 'page'>;
  reactions: Pick<Reactions, 'page' | 'count'>;
  hub: Pick<Hub, 'online'>;
  viewsFor: ViewsFor;
  /** Bytes of the database on the disk. */
  storageBytes: () => number;
  uptimeSeconds: () => number;
}

interface Page {
  limit?: number | undefined;
  offset?: number | undefined;
}

/** A part of a list, and how long the whole is when it is asked for. */
interface Part<T> {
  items: Iterable<T>;
  total: () => number;
}

function slice({ limit = LIMITS.page.default, offset = 0 }: Page): [number, number] {
  return [limit, offset];
}

export type Administration = ReturnType<typeof createAdministration>;

export function createAdministration(options: AdministrationOptions) {
  const { users, chats, messages, reactions, hub, viewsFor, storageBytes, uptimeSeconds } = options;

  /** Read when its turn comes. */
  function* messagesOn(page: Page): Generator<Message> {
    yield* viewsFor(null).messages(messages.page(...slice(page)));
  }

  return {
    statistics(): RouteAnswer<'statistics'> {
      const totals = chats.totals();
      return {
        users: users.count(),
        messages: totals.messages,
        chats: totals.chats,
        // This node keeps neither files nor calls, so there is none of either.
        files: 0,
        calls: 0,
        online: hub.online,
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
