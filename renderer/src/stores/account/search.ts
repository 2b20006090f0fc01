/** Full-text search over the stored messages. The page keeps nothing of it: each screen holds its own answers. */
import type { ChannelInput } from '#contract/ipc/channels.ts';
import { ask } from './bridge-call.ts';

/** One page of hits. Works without a connection: main searches its own store. */
export function searchMessages(input: ChannelInput<'search.messages'>) {
  return ask((bridge) => bridge.search.messages({ ...input }));
}

/** Has main read a bounded piece of older messages that the query could find. Needs a connection. */
export function searchFurther(input: ChannelInput<'search.further'>) {
  return ask((bridge) => bridge.search.further({ ...input }));
}
