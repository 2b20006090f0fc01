/** Opens chats: existing ones without limit, new ones up to a daily limit. */
import type { Chat } from '#contract/api/chat.ts';
import type { UserRow } from '../records.ts';
import type { ChatReads } from '../repositories/ports.ts';
import { tooMany } from './budgets.ts';
import type { Made, Messaging } from './messaging.ts';
import type { RateLimiter } from './ports.ts';

export interface NewChatsOptions {
  chats: Pick<ChatReads, 'findPair'>;
  messaging: Pick<Messaging, 'openChat'>;
  /** New chats per user. */
  made: RateLimiter;
}

export type NewChats = ReturnType<typeof createNewChats>;

export function createNewChats({ chats, messaging, made }: NewChatsOptions) {
  return {
    /**
     * The chat with a user, created if necessary.
     * @throws RelayError `rate_limited`, and whatever `openChat` throws.
     */
    async open(asker: UserRow, userId: string): Promise<Made<Chat>> {
      if (await chats.findPair(asker.id, userId)) return messaging.openChat(asker, userId);
      const wait = await made.take(asker.id);
      if (wait > 0) throw tooMany('Too many new chats: wait a while.', wait);
      let created = false;
      try {
        const opened = await messaging.openChat(asker, userId);
        ({ created } = opened);
        return opened;
      } finally {
        // No such user, or the other side created the chat first.
        if (!created) await made.giveBack(asker.id);
      }
    },
  };
}
