/** The administrator's view of the whole node. */
import type { Message, Reaction } from '#contract/api/message.ts';
import type { User } from '#contract/api/user.ts';
import { LIMITS } from '#contract/model/limits.ts';
import type { RouteAnswer } from '#contract/routes.ts';
import type { Hub } from '../delivery/ports.ts';
import type { Chats, Files, Messages, Reactions, Users } from '../repositories/ports.ts';
import { ownUser, reactionView, type ViewsFor } from './views.ts';

export interface AdministrationOptions {
  users: Pick<Users, 'page' | 'count'>;
  chats: Pick<Chats, 'totals'>;
  messages: Pick<Messages, 'page'>;
  reactions: Pick<Reactions, 'page' | 'count'>;
  files: Pick<Files, 'totals'>;
  hub: Pick<Hub, 'online'>;
  viewsFor: ViewsFor;
  /** Size of the database on disk in bytes; files are added to it. */
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
  const { users, chats, messages, reactions, files, hub, viewsFor, storageBytes, uptimeSeconds } = options;

  /** Lazy: rows are read as they are consumed. */
  function* messagesOn(page: Page): Generator<Message> {
    yield* viewsFor(null).messages(messages.page(...slice(page)));
  }

  return {
    statistics(): RouteAnswer<'statistics'> {
      const totals = chats.totals();
      const kept = files.totals();
      return {
        users: users.count(),
        messages: totals.messages,
        chats: totals.chats,
        files: kept.files,
        // This node does not support calls.
        calls: 0,
        online: hub.online,
        storageBytes: storageBytes() + kept.bytes,
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
