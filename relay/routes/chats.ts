import type { Chat } from '#contract/api/chat.ts';
import { LIMITS } from '#contract/model/limits.ts';
import type { RouteQuery } from '#contract/routes.ts';
import { invalidField } from '../errors.ts';
import type { Serve } from '../http/serve.ts';
import type { RelayNode } from '../node.ts';
import type { MessageRow, UserRow } from '../records.ts';
import { cursorOf, placeOf } from '../services/chat-cursor.ts';
import { shortened, type Views } from '../services/views.ts';

/** Rows of the whole list that are read together. */
const CHATS_AT_ONCE = 100;

/** Chats and their history. */
export function chatRoutes(serve: Serve, node: RelayNode): void {
  const { chats, messages, messaging, newChats, progress, turns, viewsFor, has } = node;

  /** The published form: every chat, each as it is when its turn comes. */
  function* everyChat(userId: string, views: Views): Generator<Chat> {
    const ids = chats.idsOf(userId);
    for (let start = 0; start < ids.length; start += CHATS_AT_ONCE) {
      yield* views.chats(chats.findAll(ids.slice(start, start + CHATS_AT_ONCE)));
    }
  }

  /** [ext] `chat-pages`. A chat that moves to the top meanwhile is told as an event: no page waits for it. */
  async function chatPage(user: UserRow, { limit = LIMITS.chatPage.default, cursor }: RouteQuery<'chats'>) {
    const after = cursor === undefined ? null : placeOf(cursor);
    if (cursor !== undefined && !after) throw invalidField('cursor', 'invalid', 'That is no cursor of this list.');
    const rows = chats.page(user.id, after, limit + 1);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    await progress.receivedChats(user.id, shown);
    const items = (function* () {
      for (const chat of viewsFor(user.id).chats(shown)) {
        yield chat.lastMessage ? { ...chat, lastMessage: shortened(chat.lastMessage) } : chat;
      }
    })();
    return { status: 200, list: 'chats' as const, items, rest: () => (last ? { next: cursorOf(last) } : {}) };
  }

  serve('chats', async ({ user, query }) => {
    const paged = has('chat-pages') && (query.limit !== undefined || query.cursor !== undefined);
    if (paged) return chatPage(user, query);
    await progress.receivedAll(user.id);
    return { status: 200, list: 'chats', items: everyChat(user.id, viewsFor(user.id)), rest: () => ({}) };
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
    else await progress.fetchedUpTo(userId, newest.chatId, newest.createdAt);
  }

  serve('history', async ({ user, params, query }) => {
    const chat = messaging.chatOf(user.id, params.chatId);
    // A hundred long messages are some work: those who ask at once take turns.
    await turns.next();
    const rows = rowsOf(chat.id, query);
    await markFetched(user.id, query, rows);
    const items = viewsFor(user.id).messages(rows);
    return { status: 200, list: 'messages', items, rest: () => ({ total: chat.messageCount }) };
  });
}
