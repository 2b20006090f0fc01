/**
 * Reads all of a chat's history from the server for an export, newest first, page by page. With cursors each page
 * continues exactly where the last one ended. Without, pages are counted from the newest message: what arrives meanwhile
 * moves the rest, and then comes twice and is left out.
 *
 * Where fetching by cursor leaves messages unread, nothing is marked as read by this. Elsewhere fetching is reading, by
 * the published contract, and the user has asked for it.
 */
import type { Message } from '#contract/api/message.ts';
import type { TransferFailed } from '../../../lib/transfer-failed.ts';
import type { AccountContext } from '../../ports.ts';

const PAGE = 100;
const COUNTED_PAGE = 50;

/** Runs a request, again if it failed for a passing reason; throws `TransferFailed` when it does not help. */
export type Patiently = <T>(
  request: (api: AccountContext['api'], signal: AbortSignal) => Promise<{ ok: true; value: T } | Failure>,
) => Promise<T>;
type Failure = { ok: false; error: TransferFailed['failure'] };

export interface ReadHistoryOptions {
  chatId: string;
  /** Only messages from this time on, in milliseconds since the epoch. */
  since: number | null;
  hasCursors: boolean;
  /** The newest message that is known here: a place to read from in both directions without opening the chat. */
  known: string | null;
  patiently: Patiently;
}

export interface HistoryPage {
  /** Oldest first. */
  messages: Message[];
  /** `after`: newer than all pages so far; `before`: older. */
  place: 'before' | 'after';
  /** How many the chat has, if the server says so. */
  total: number | null;
}

const timeOf = (message: Message): number => Date.parse(message.createdAt);

/** Oldest first, whichever way the server answers. Messages of the same moment keep their order. */
function oldestFirst(messages: readonly Message[], isNewestFirst: boolean): Message[] {
  const inOrder = isNewestFirst ? messages.toReversed() : [...messages];
  return inOrder.sort((a, b) => timeOf(a) - timeOf(b));
}

/** The pages, until the chat's beginning or `since`. @throws TransferFailed when a page cannot be had. */
export async function* readHistory(options: ReadHistoryOptions): AsyncGenerator<HistoryPage, void> {
  const { chatId, since, hasCursors, known, patiently } = options;
  const seen = new Set<string>();
  const isWanted = (message: Message): boolean => since === null || !(timeOf(message) < since);
  /** What is new and wanted of a page. */
  const take = (messages: readonly Message[], isNewestFirst: boolean): Message[] => {
    const fresh = oldestFirst(messages, isNewestFirst).filter(({ id, chatId: of }) => of === chatId && !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    return fresh.filter(isWanted);
  };
  const fetch = (query: { limit: number; offset?: number; before?: string; after?: string }) =>
    patiently(async (api, signal) => {
      const answer = await api.call('history', { params: { chatId }, query }, { signal });
      if (!answer.ok) return answer;
      const { messages, total } = answer.value;
      return { ok: true, value: { messages, length: messages.length + (answer.dropped ?? 0), total: total ?? null } };
    });

  if (!hasCursors) {
    for (let offset = 0; ;) {
      const page = await fetch({ limit: COUNTED_PAGE, offset });
      const before = seen.size;
      yield { messages: take(page.messages, true), place: 'before', total: page.total };
      offset += page.length;
      const isEnd = page.length === 0 || (page.total !== null && offset >= page.total);
      // A server that answers the same page for every offset has no end either.
      const isStuck = seen.size === before && page.total === null;
      if (isEnd || isStuck || page.messages.some((message) => !isWanted(message))) return;
    }
  }

  let oldest = known;
  if (known === null) {
    const page = await fetch({ limit: PAGE, offset: 0 });
    yield { messages: take(page.messages, true), place: 'before', total: page.total };
    oldest = oldestFirst(page.messages, true)[0]?.id ?? null;
    if (oldest === null || page.messages.some((message) => !isWanted(message))) return;
  } else {
    const { message } = await patiently((api, signal) =>
      api.call('message', { params: { messageId: known } }, { signal }),
    );
    yield { messages: take([message], true), place: 'before', total: null };
    for (let newest = known; ;) {
      const page = await fetch({ limit: PAGE, after: newest });
      const last = oldestFirst(page.messages, false).at(-1);
      const isNew = last !== undefined && !seen.has(last.id);
      yield { messages: take(page.messages, false), place: 'after', total: page.total };
      if (!isNew || page.length < PAGE) break;
      newest = last.id;
    }
    if (!isWanted(message)) return;
  }
  for (let cursor = oldest; cursor !== null;) {
    const page = await fetch({ limit: PAGE, before: cursor });
    const first = oldestFirst(page.messages, true)[0];
    const isNew = first !== undefined && !seen.has(first.id);
    yield { messages: take(page.messages, true), place: 'before', total: page.total };
    if (!isNew || page.length < PAGE || page.messages.some((message) => !isWanted(message))) return;
    cursor = first.id;
  }
}
