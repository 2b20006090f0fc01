/** Reads a chat's history, and derives receipts from what was fetched. */
import type { Message } from '#contract/api/message.ts';
import type { Capability } from '#contract/api/capabilities.ts';
import { LIMITS } from '#contract/model/limits.ts';
import type { RouteQuery } from '#contract/routes.ts';
import { invalidField } from '../errors.ts';
import type { MessageRow } from '../records.ts';
import type { MessageReads } from '../repositories/ports.ts';
import type { Turns } from '../turns.ts';
import type { Messaging } from './messaging.ts';
import type { Receipts } from './receipts.ts';
import type { ViewsFor } from './views.ts';

export interface HistoryOptions {
  messages: Pick<MessageReads, 'find' | 'newest' | 'before' | 'after'>;
  messaging: Pick<Messaging, 'chatOf'>;
  receipts: Pick<Receipts, 'receivedUpTo' | 'fetchedUpTo'>;
  turns: Turns;
  viewsFor: ViewsFor;
  has: (capability: Capability) => boolean;
}

export type History = ReturnType<typeof createHistory>;

export function createHistory({ messages, messaging, receipts, turns, viewsFor, has }: HistoryOptions) {
  /** The time of the message a cursor refers to. */
  async function timeOf(chatId: string, field: 'before' | 'after', id: string): Promise<number> {
    const message = await messages.find(id);
    if (message?.chatId !== chatId) throw invalidField(field, 'invalid', 'There is no such message in this chat.');
    return message.createdAt;
  }

  async function rowsOf(chatId: string, query: RouteQuery<'history'>): Promise<MessageRow[]> {
    const limit = query.limit ?? LIMITS.page.default;
    const offset = query.offset ?? 0;
    const { before, after } = has('cursors') ? query : {};
    if (before !== undefined && after !== undefined) {
      throw invalidField('after', 'invalid', 'Either before or after, not both.');
    }
    if (before !== undefined) return messages.before(chatId, await timeOf(chatId, 'before', before), limit, offset);
    if (after !== undefined) return messages.after(chatId, await timeOf(chatId, 'after', after), limit, offset);
    return messages.newest(chatId, limit, offset);
  }

  /**
   * Fetching history is the documented way to mark it read. Clients that use the cursors have `message:read` for that,
   * and may prefetch messages that were not looked at: there a fetch counts as delivery only.
   */
  async function markFetched(userId: string, query: RouteQuery<'history'>, rows: MessageRow[]): Promise<void> {
    const newest = rows.reduce<MessageRow | null>(
      (best, row) => (best && best.createdAt > row.createdAt ? best : row),
      null,
    );
    if (!newest) return;
    const byCursor = has('cursors') && (query.before !== undefined || query.after !== undefined);
    if (byCursor && has('message-read')) await receipts.receivedUpTo(userId, newest.chatId, newest.createdAt);
    else await receipts.fetchedUpTo(userId, newest.chatId, newest.createdAt);
  }

  return {
    /**
     * A page of a chat, and the chat's total number of messages.
     * @throws RelayError `not_found`, `forbidden`, `validation`.
     */
    async fetch(
      userId: string,
      chatId: string,
      query: RouteQuery<'history'>,
    ): Promise<{ items: AsyncIterable<Message>; total: number }> {
      const chat = await messaging.chatOf(userId, chatId);
      // A hundred long messages take a while to build: concurrent requests take turns.
      await turns.next();
      const rows = await rowsOf(chat.id, query);
      await markFetched(userId, query, rows);
      return { items: viewsFor(userId).messages(rows), total: chat.messageCount };
    },
  };
}
