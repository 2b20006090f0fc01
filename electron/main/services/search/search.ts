/** The search over stored messages, as the page asks for it. */
import type { ChannelInput, ChannelOutput } from '#contract/ipc/channels.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import type { OpenAccount } from '../account.ts';
import type { Clock } from '../ports.ts';
import { parseQuery } from './query.ts';

export interface SearchService {
  messages(input: ChannelInput<'search.messages'>): Promise<Result<ChannelOutput<'search.messages'>>>;
}

export interface SearchOptions {
  account: () => Result<OpenAccount>;
  guarded: <T>(work: () => Promise<Result<T>>) => Promise<Result<T>>;
  clock: Clock;
}

/** Makes the service. */
export function createSearchService({ account, guarded, clock }: SearchOptions): SearchService {
  return {
    messages: ({ query: text, chatId, limit, offset }) =>
      guarded(async () => {
        const open = account();
        if (!open.ok) return open;
        const query = parseQuery(text);
        const found = await open.value.store.reader.search({ query, chatId, limit, offset, now: clock.now() });
        return ok({ ...found, problems: query.problems });
      }),
  };
}
