/** A user's chat list, newest activity first: as a whole or, with the `chat-pages` extension, in pages. */
import type { Chat } from '#contract/api/chat.ts';
import { LIMITS } from '#contract/model/limits.ts';
import type { RouteQuery } from '#contract/routes.ts';
import { invalidField } from '../errors.ts';
import type { ChatReads } from '../repositories/ports.ts';
import { cursorOf, placeOf } from './chat-cursor.ts';
import type { Receipts } from './receipts.ts';
import { shortened, type Views, type ViewsFor } from './views.ts';

export interface ChatListOptions {
  chats: Pick<ChatReads, 'idsOf' | 'findAll' | 'page'>;
  receipts: Pick<Receipts, 'receivedAll' | 'receivedChats'>;
  viewsFor: ViewsFor;
}

/** Rows of the whole list read per batch. */
const CHATS_AT_ONCE = 100;

export type ChatList = ReturnType<typeof createChatList>;

export function createChatList({ chats, receipts, viewsFor }: ChatListOptions) {
  async function* everyChat(userId: string, views: Views): AsyncGenerator<Chat, void> {
    const ids = await chats.idsOf(userId);
    for (let start = 0; start < ids.length; start += CHATS_AT_ONCE) {
      yield* views.chats(await chats.findAll(ids.slice(start, start + CHATS_AT_ONCE)));
    }
  }

  async function* previews(rows: AsyncIterable<Chat>): AsyncGenerator<Chat, void> {
    for await (const chat of rows)
      yield chat.lastMessage ? { ...chat, lastMessage: shortened(chat.lastMessage) } : chat;
  }

  return {
    /** The published form: every chat, read lazily as the list is consumed. */
    async everything(userId: string): Promise<AsyncIterable<Chat>> {
      await receipts.receivedAll(userId);
      return everyChat(userId, viewsFor(userId));
    },

    /**
     * Extension `chat-pages`. A chat that moves to the top in the meantime is delivered as an event, not on a later
     * page.
     * @returns the page, and the cursor of the next one; null at the end.
     * @throws RelayError `validation` for an invalid cursor.
     */
    async page(
      userId: string,
      { limit = LIMITS.chatPage.default, cursor }: RouteQuery<'chats'>,
    ): Promise<{ items: AsyncIterable<Chat>; next: string | null }> {
      const after = cursor === undefined ? null : placeOf(cursor);
      if (cursor !== undefined && !after) throw invalidField('cursor', 'invalid', 'That is no cursor of this list.');
      const rows = await chats.page(userId, after, limit + 1);
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      await receipts.receivedChats(userId, shown);
      return { items: previews(viewsFor(userId).chats(shown)), next: last ? cursorOf(last) : null };
    },
  };
}
