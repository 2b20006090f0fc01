/** Search over stored messages. */
import type { SearchReach } from '#contract/ipc/views.ts';
import { ok } from '#contract/model/errors.ts';
import type { Reach } from '../store/ops/reach-operations.ts';
import type { Commands } from './command.ts';
import { parseQuery } from '../../lib/search-query.ts';

function reachView({ chats, complete, since, spared, next }: Reach): SearchReach {
  return { chats, complete, since, spared, further: next !== null };
}

export const searchCommands: Commands<'search'> = {
  messages: async ({ store, backfill }, { query: text, chatId, limit, offset }) => {
    const query = parseQuery(text);
    const [found, reach] = await Promise.all([
      store.reader.search({ query, chatId, limit, offset }),
      backfill.reach({ query, chatId }, (input) => store.reader.reach(input)),
    ]);
    const needles = { phrases: query.phrases, prefix: query.prefix };
    return ok({ ...found, problems: query.problems, needles, reach: reachView(reach) });
  },

  /** Fetches older messages for a search; `offline` while there is no connection. */
  further: async ({ backfill }, { query, chatId }) => {
    const read = await backfill.further({ query: parseQuery(query), chatId });
    return read.ok ? ok({ added: read.value.added, reach: reachView(read.value.reach) }) : read;
  },
};
