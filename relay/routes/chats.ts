import { LIMITS } from '#contract/model/limits.ts';
import type { RouteQuery } from '#contract/routes.ts';
import { invalidField } from '../errors.ts';
import type { Serve } from '../http/serve.ts';
import type { RelayNode } from '../node.ts';
import type { MessageRow } from '../repositories/messages.ts';

/** Chats and their history. */
export function chatRoutes(serve: Serve, node: RelayNode): void {
  const { chats, messages, messaging, newChats, progress, viewsFor, has } = node;

  serve('chats', async ({ user }) => {
    const views = viewsFor(user.id);
    const body = { chats: chats.ofUser(user.id).map((chat) => views.chat(chat)) };
    await progress.receivedAll(user.id);
    return { status: 200, body };
  });

  serve('createChat', async ({ user, body }) => {
    const { value, created } = await newChats.open(user, body.userId);
    return { status: created ? 201 : 200, body: { chat: value } };
  });

  /** The time of the message that a cursor names. */
  function timeOf(chatId: string, field: 'before' | 'after', id: string): number {
    const message = messages.find(id);
    if (message?.chatId !== chatId) throw invalidField(field, 'invalid', 'There is no such message in this chat.');
    return message.createdAt;
  }

  function rowsOf(chatId: string, query: RouteQuery<'history'>): MessageRow[] {
    const limit = query.limit ?? LIMITS.page.default;
    const offset = query.offset ?? 0;
    const { before, after } = has('cursors') ? query : {};
    if (before !== undefined && after !== undefined) {
      throw invalidField('after', 'invalid', 'Either before or after, not both.');
    }
    if (before !== undefined) return messages.before(chatId, timeOf(chatId, 'before', before), limit, offset);
    if (after !== undefined) return messages.after(chatId, timeOf(chatId, 'after', after), limit, offset);
    return messages.newest(chatId, limit, offset);
  }

  /**
   * Fetching history is the documented way of reading it. Who uses the cursors has `message:read` to say so, and may
   * fetch what nobody has looked at yet: there it counts as delivered only.
   */
  async function markFetched(userId: string, query: RouteQuery<'history'>, rows: MessageRow[]): Promise<void> {
    const newest = rows.reduce<MessageRow | null>(
      (best, row) => (best && best.createdAt > row.createdAt ? best : row),
      null,
    );
    if (!newest) return;
    const byCursor = has('cursors') && (query.before !== undefined || query.after !== undefined);
    if (byCursor && has('message-read')) await progress.receivedUpTo(userId, newest.chatId, newest.createdAt);
    else await progress.readUpTo(userId, newest.chatId, newest.createdAt);
  }

  serve('history', async ({ user, params, query }) => {
    const chat = messaging.chatOf(user.id, params.chatId);
    const rows = rowsOf(chat.id, query);
    await markFetched(user.id, query, rows);
    const views = viewsFor(user.id);
    return { status: 200, body: { messages: rows.map((row) => views.message(row)), total: chat.messageCount } };
  });
}
