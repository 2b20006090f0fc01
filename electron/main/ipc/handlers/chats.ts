import type { ChatsService } from '../../services/chats/chats.ts';
import type { Handlers } from '../answer.ts';

/** Chats: made, put in order, read, written in. */
export function createChatHandlers({
  chats,
}: {
  chats: ChatsService;
}): Pick<Handlers, Extract<keyof Handlers, `chats.${string}`>> {
  return {
    'chats.rest': (input) => chats.rest(input),
    'chats.create': (input) => chats.create(input),
    'chats.saveDraft': (input) => chats.saveDraft(input),
    'chats.organise': (input) => chats.organise(input),
    'chats.opened': (input) => chats.opened(input),
    'chats.markRead': (input) => chats.markRead(input),
    'chats.setTyping': (input) => chats.setTyping(input),
  };
}
