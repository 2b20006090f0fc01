/** The administrator's view of the whole node. */
import type { Message, Reaction } from '#contract/api/message.ts';
import type { User } from '#contract/api/user.ts';
import { LIMITS } from '#contract/model/limits.ts';
import type { RouteAnswer } from '#contract/routes.ts';
import type { Bus } from '../delivery/ports.ts';
import type { ChatReads, FileReads, MessageReads, ReactionReads, UserReads } from '../repositories/ports.ts';
import { ownUser, reactionView, type ViewsFor } from './views.ts';

export interface AdministrationOptions {
  users: Pick<UserReads, 'page' | 'count'>;
  chats: Pick<ChatReads, 'totals'>;
  messages: Pick<MessageReads, 'page'>;
  reactions: Pick<ReactionReads, 'page' | 'count'>;
  files: Pick<FileReads, 'totals'>;
  bus: Pick<Bus, 'count'>;
  viewsFor: ViewsFor;
  /** Size of the database on disk in bytes; files are added to it. */
  storageBytes: () => number | Promise<number>;
  uptimeSeconds: () => number;
}

interface Page {
  limit?: number | undefined;
  offset?: number | undefined;
}

/** A page of a list; the total is computed only on demand. */
interface Part<T> {
  items: AsyncIterable<T>;
  total: () => Promise<number>;
}

function slice({ limit = LIMITS.page.default, offset = 0 }: Page): [number, number] {
  return [limit, offset];
}

export type Administration = ReturnType<typeof createAdministration>;

export function createAdministration(options: AdministrationOptions) {
  const { users, chats, messages, reactions, files, bus, viewsFor, storageBytes, uptimeSeconds } = options;

  // Lazy: rows are read as they are consumed.
  async function* usersOn(page: Page): AsyncGenerator<User, void> {
    for (const row of await users.page(...slice(page))) yield ownUser(row);
  }
  async function* messagesOn(page: Page): AsyncGenerator<Message, void> {
    yield* viewsFor(null).messages(await messages.page(...slice(page)));
  }
  async function* reactionsOn(page: Page): AsyncGenerator<Reaction, void> {
    for (const row of await reactions.page(...slice(page))) yield reactionView(row);
  }

  return {
    async statistics(): Promise<RouteAnswer<'statistics'>> {
      const totals = await chats.totals();
      const kept = await files.totals();
      return {
        users: await users.count(),
        messages: totals.messages,
        chats: totals.chats,
        files: kept.files,
        // This node does not support calls.
        calls: 0,
        online: await bus.count(),
        storageBytes: (await storageBytes()) + kept.bytes,
        uptime: uptimeSeconds(),
      };
    },
    users: (page: Page): Part<User> => ({ items: usersOn(page), total: () => users.count() }),
    messages: (page: Page): Part<Message> => ({
      items: messagesOn(page),
      total: async () => (await chats.totals()).messages,
    }),
    reactions: (page: Page): Part<Reaction> => ({ items: reactionsOn(page), total: () => reactions.count() }),
  };
}
