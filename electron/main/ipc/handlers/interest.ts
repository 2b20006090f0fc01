import type { WindowRole } from '../../lib/roles.ts';
import type { Handlers } from '../answer.ts';
import type { Pages } from '../pages.ts';

type MessageHandlers = Pick<Handlers, Extract<keyof Handlers, `messages.${string}`>>;

/** The commands by which a page begins to hold messages of a chat subscribe it to that chat. */
export function withInterest(pages: Pages, handlers: MessageHandlers): MessageHandlers {
  const subscribing =
    <I extends { accountId: string; chatId: string }, O>(run: (input: I, caller: WindowRole) => O) =>
    (input: I, caller: WindowRole): O => {
      pages.of(caller).interest.add(input.accountId, input.chatId);
      return run(input, caller);
    };
  return {
    ...handlers,
    'messages.page': subscribing(handlers['messages.page']),
    'messages.fill': subscribing(handlers['messages.fill']),
    'messages.send': subscribing(handlers['messages.send']),
  };
}
