/** The administrator's view of the whole node. */
import type { Message, Reaction } from '#contract/api/message.ts';
import type { User } from '#contract/api/user.ts';
import { LIMITS } from '#contract/model/limits.ts';
import type { RouteAnswer } from '#contract/routes.ts';
import type { Bus } from '../delivery/ports.ts';
import type { Reads, Totals } from '../repositories/ports.ts';
import type { Turns } from '../turns.ts';
import { createDeepPages } from './deep-pages.ts';
import { ownUser, reactionView, type ViewsFor } from './views.ts';

export interface AdministrationOptions {
  reads: Pick<Reads, 'users' | 'messages' | 'reactions' | 'totals'>;
  bus: Pick<Bus, 'count'>;
  turns: Turns;
  viewsFor: ViewsFor;
  /** Size of the database on disk in bytes; files are added to it. */
  storageBytes: () => Promise<number>;
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
  const { reads, bus, turns, viewsFor, storageBytes, uptimeSeconds } = options;
  const { totals } = reads;
  const total = (name: keyof Totals) => async (): Promise<number> => (await totals.read())[name];
  const [ofUsers, ofMessages, ofReactions] = [total('users'), total('messages'), total('reactions')];
  const users = createDeepPages(reads.users, ofUsers, true, { turns });
  const messages = createDeepPages(reads.messages, ofMessages, true, { turns });
  // They can be taken back.
  const reactions = createDeepPages(reads.reactions, ofReactions, false, { turns });

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
      const counted = await totals.read();
      return {
        users: counted.users,
        messages: counted.messages,
        chats: counted.chats,
        files: counted.files,
        calls: counted.calls,
        online: await bus.count(),
        storageBytes: (await storageBytes()) + counted.fileBytes,
        uptime: uptimeSeconds(),
      };
    },
    users: (page: Page): Part<User> => ({ items: usersOn(page), total: ofUsers }),
    messages: (page: Page): Part<Message> => ({ items: messagesOn(page), total: ofMessages }),
    reactions: (page: Page): Part<Reaction> => ({ items: reactionsOn(page), total: ofReactions }),
  };
}
