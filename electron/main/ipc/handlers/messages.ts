import type { MessagesService } from '../../services/messages/messages.ts';
import type { Handlers } from '../answer.ts';

/** Messages: read from the store, written through the outbox. */
export function createMessageHandlers({
  messages,
}: {
  messages: MessagesService;
}): Pick<Handlers, Extract<keyof Handlers, `messages.${string}`>> {
  return {
    'messages.page': (input) => messages.page(input),
    'messages.fill': (input) => messages.fill(input),
    'messages.send': (input) => messages.send(input),
    'messages.cancel': (input) => messages.cancel(input),
    'messages.edit': (input) => messages.edit(input),
    'messages.resend': (input) => messages.resend(input),
    'messages.discard': (input) => messages.discard(input),
    'messages.forward': (input) => messages.forward(input),
    'messages.react': (input) => messages.react(input),
    'messages.unreact': (input) => messages.unreact(input),
    'messages.details': (input) => messages.details(input),
    'messages.emojis': (input) => messages.emojis(input),
  };
}
