/** Search over stored messages, and over what was shared with them. */
import type { SearchUnderstood } from '#contract/ipc/found-views.ts';
import type { SearchReach } from '#contract/ipc/views.ts';
import { ok } from '#contract/model/errors.ts';
import type { Account } from '../accounts/account.ts';
import type { Reach } from '../store/ops/reach-operations.ts';
import type { Commands } from './command.ts';
import { parseQuery, type ParsedQuery } from '../../lib/search-query.ts';

function reachView({ chats, complete, since, spared, next }: Reach): SearchReach {
  return { chats, complete, since, spared, further: next !== null };
}

/**
 * What a search asks for: its words, or, where no message has them, what a person means by them, such as "from Anna in
 * March". Decided by the first hit, so that every page of a search is one of the same.
 */
async function meaning(
  { store, clock }: Account,
  text: string,
  chatId: string | null,
): Promise<{ query: ParsedQuery; understood: SearchUnderstood | null }> {
  const asTyped = { query: parseQuery(text), understood: null };
  const wish = await store.reader.readQuery({ text, now: clock.now() });
  if (!wish) return asTyped;
  const { hits } = await store.reader.search({ query: asTyped.query, chatId, limit: 1, offset: 0 });
  return hits.length > 0 ? asTyped : wish;
}

export const searchCommands: Commands<'search'> = {
  messages: async (account, { query: text, chatId, limit, offset }) => {
    const { store, backfill } = account;
    const { query, understood } = await meaning(account, text, chatId);
    const [found, reach] = await Promise.all([
      store.reader.search({ query, chatId, limit, offset }),
      backfill.reach({ query, chatId }, (input) => store.reader.reach(input)),
    ]);
    const needles = { phrases: query.phrases, prefix: query.prefix };
    const { problems } = parseQuery(text);
    return ok({ ...found, problems, needles, reach: reachView(reach), understood });
  },

  /** Fetches older messages for a search; `offline` while there is no connection. */
  further: async (account, { query: text, chatId }) => {
    const { query } = await meaning(account, text, chatId);
    const read = await account.backfill.further({ query, chatId });
    return read.ok ? ok({ added: read.value.added, reach: reachView(read.value.reach) }) : read;
  },

  shared: async ({ store, clock, music }, { query: text, limit }) =>
    ok(await store.reader.findShared({ text, limit, now: clock.now(), mayRemove: music.mayRemove })),
};
