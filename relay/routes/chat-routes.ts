import type { Capability } from '#contract/api/capabilities.ts';
import type { Serve } from '../http/serve.ts';
import type { ChatList } from '../services/chat-list.ts';
import type { History } from '../services/history.ts';
import type { NewChats } from '../services/new-chats.ts';

interface ChatServices {
  chatList: ChatList;
  newChats: NewChats;
  history: History;
  has: (capability: Capability) => boolean;
}

/** Chats and their history. */
export function chatRoutes(serve: Serve, { chatList, newChats, history, has }: ChatServices): void {
  serve('chats', async ({ user, query }) => {
    const paged = has('chat-pages') && (query.limit !== undefined || query.cursor !== undefined);
    if (!paged) {
      return { status: 200, list: 'chats', items: await chatList.everything(user.id), rest: () => ({}) };
    }
    const { items, next } = await chatList.page(user.id, query);
    return { status: 200, list: 'chats', items, rest: () => (next === null ? {} : { next }) };
  });

  serve('createChat', async ({ user, body }) => {
    const { value, created } = await newChats.open(user, body.userId);
    return { status: created ? 201 : 200, body: { chat: value } };
  });

  serve('history', async ({ user, params, query }) => {
    const { items, total } = await history.fetch(user.id, params.chatId, query);
    return { status: 200, list: 'messages', items, rest: () => ({ total }) };
  });
}
