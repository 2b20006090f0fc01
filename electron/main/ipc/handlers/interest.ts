import type { Handlers } from '../answer.ts';
import type { Pages } from '../pages.ts';

type MessageHandlers = Pick<Handlers, Extract<keyof Handlers, `messages.${string}`>>;

/** The commands by which a page begins to hold messages of a chat subscribe it to that chat. */
export function withInterest(pages: Pages, handlers: MessageHandlers): MessageHandlers {
  const page = handlers['messages.page'];
  const fill = handlers['messages.fill'];
  const send = handlers['messages.send'];
  return {
    ...handlers,
    'messages.page': (input, caller) => {
      pages.of(caller).interest.add(input.accountId, input.chatId);
      return page(input, caller);
    },
    'messages.fill': (input, caller) => {
      pages.of(caller).interest.add(input.accountId, input.chatId);
      return fill(input, caller);
    },
    'messages.send': (input, caller) => {
      pages.of(caller).interest.add(input.accountId, input.chatId);
      return send(input, caller);
    },
  };
}
