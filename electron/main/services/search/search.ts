/** The search over stored messages, as the page asks for it. */
import type { ChannelInput, ChannelOutput } from '#contract/ipc/channels.ts';
import type { SearchReach } from '#contract/ipc/views.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import type { OpenAccount } from '../account.ts';
import type { Reach } from '../store/ops/reach.ts';
import { parseQuery } from './query.ts';

export interface SearchService {
  messages(input: ChannelInput<'search.messages'>): Promise<Result<ChannelOutput<'search.messages'>>>;
  /** Reads older messages for a search; `offline` while there is no connection. */
  further(input: ChannelInput<'search.further'>): Promise<Result<ChannelOutput<'search.further'>>>;
}

export interface SearchOptions {
  account: () => Result<OpenAccount>;
  guarded: <T>(work: () => Promise<Result<T>>) => Promise<Result<T>>;
}

function reachView({ chats, complete, since, spared, next }: Reach): SearchReach {
  return { chats, complete, since, spared, further: next !== null };
}

/** Makes the service. */
export function createSearchService({ account, guarded }: SearchOptions): SearchService {
  return {
    messages: ({ query: text, chatId, limit, offset }) =>
      guarded(async () => {
        const open = account();
        if (!open.ok) return open;
        const query = parseQuery(text);
        const { reader } = open.value.store;
        const [found, reach] = await Promise.all([
          reader.search({ query, chatId, limit, offset }),
          open.value.backfill.reach({ query, chatId }, (input) => reader.reach(input)),
        ]);
        const needles = { phrases: query.phrases, prefix: query.prefix };
        return ok({ ...found, problems: query.problems, needles, reach: reachView(reach) });
      }),

    further: ({ query: text, chatId }) =>
      guarded(async () => {
        const open = account();
        if (!open.ok) return open;
        const read = await open.value.backfill.further({ query: parseQuery(text), chatId });
        return read.ok ? ok({ added: read.value.added, reach: reachView(read.value.reach) }) : read;
      }),
  };
}
