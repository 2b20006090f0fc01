/**
 * Reads a chat's history from the server into the store, page by page, so that what is proven stays proven. With
 * cursors a page continues exactly where the last one ended. Without, pages are counted from the newest message and
 * shift while they are read: neighbours overlap and must share a message, else nothing is claimed about what lies
 * between.
 *
 * By the published contract, fetching is reading, and what the user has not seen must not count as read. Only cursors
 * on a server with separate read reports leave no trace. Elsewhere a chat is fetched in the background only while
 * nothing in it is unread, and then only what precedes its last message; the rest waits until the chat is opened.
 */
import type { Message } from '#contract/api/message.ts';
import {
  comparePositions,
  isPlausibleTime,
  storedPosition,
  type MessagePosition,
} from '#contract/model/message-order.ts';
import type { AppError } from '#contract/model/errors.ts';
import { leavesUnread } from '../../lib/leaves-unread.ts';
import type { AccountContext, Clock, Logger } from '../ports.ts';
import type { HistoryStored, MessageCursor } from '../store/ops/event-operations.ts';
import type { WriterApi } from '../store/operations.ts';
import type { ChangeSet } from '../store/protocol.ts';

const CURSOR_PAGE = 100;
const OFFSET_PAGE = 50;
/** Messages that a page shares with its neighbour. */
const OVERLAP = 10;
/** Pages that one background fill reads before it leaves the rest to scrolling. */
const MOST_PAGES = 20;
/** Maximum number of requests of one search for a place in counted pages. */
const MOST_SEEKS = 40;

export interface HistoryOptions {
  store: Pick<WriterApi, 'applyChats' | 'applyHistory' | 'fillStart' | 'storeOne'>;
  clock: Clock;
  logger: Logger;
  publish: (changes: ChangeSet) => void;
}

/**
 * For whom history is read. `person`: the chat is open on the screen. `seen`: in the background, and nothing known of
 * the chat is unread. `nobody`: in the background, with something unread.
 */
export type Reader = 'person' | 'seen' | 'nobody';

/** How a fill ended. `gone`: the server does not let us read this chat. */
export type FillEnd =
  { ok: true; starts: boolean; stored: HistoryStored | null } | { ok: false; error: AppError; gone: boolean };

interface Page {
  messages: Message[];
  /** Number of items the server sent, including unreadable ones. */
  length: number;
  total: number | null;
}

const NOTHING_READ: FillEnd = { ok: true, starts: false, stored: null };

type Fetched = { ok: true; page: Page } | { ok: false; error: AppError; gone: boolean };

function place(message: Message): MessagePosition {
  return storedPosition(Date.parse(message.createdAt), message.id);
}

/**
 * A page newest first, whatever order the server answers in. A message without a true time stays where the server put
 * it: after its older neighbour.
 */
function newestFirst(messages: readonly Message[], isAfter: boolean, now: number): Message[] {
  const behind = new Map<Message | null, Message[]>();
  const dated: Message[] = [];
  let older: Message | null = null;
  for (const message of isAfter ? messages : messages.toReversed()) {
    if (isPlausibleTime(Date.parse(message.createdAt), now)) dated.push((older = message));
    else behind.set(older, [...(behind.get(older) ?? []), message]);
  }
  dated.sort((a, b) => comparePositions(place(a), place(b)));
  return [
    ...(behind.get(null) ?? []),
    ...dated.flatMap((message) => [message, ...(behind.get(message) ?? [])]),
  ].reverse();
}

export class History {
  readonly #options: HistoryOptions;
  /** For each page in flight: messages whose reactions changed meanwhile. */
  readonly #onTheirWay = new Set<Set<string>>();

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  /** A reaction changed now: pages in flight may still have the old state. */
  reactionChanged(messageId: string): void {
    for (const touched of this.#onTheirWay) touched.add(messageId);
  }

  /**
   * Reads the newest messages of a chat down to what is proven already, or to `downTo`.
   * @param how.last the newest message, if known: reading continues from there.
   * @returns with `stored` null also if nothing could be read without marking it as read.
   */
  async newest(
    context: AccountContext,
    chatId: string,
    how: { last: MessageCursor | null; downTo: MessagePosition | null; isFirst: boolean; for: Reader },
  ): Promise<FillEnd> {
    if (leavesUnread(context) ? how.last === null : how.for !== 'person' && (how.for === 'nobody' || how.last === null))
      return NOTHING_READ;
    const byCursor = context.has('cursors') && how.last !== null;
    // The last message itself is left out, so that one that arrives right now is not on the page either.
    const first = how.for === 'person' ? 0 : 1;
    let cursor = how.last;
    let offset = first;
    let previous: ReadonlySet<string> = new Set();
    for (let n = 0; n < MOST_PAGES; n += 1) {
      if (byCursor && cursor === null) break;
      const isCursorPage = byCursor;
      const asked = isCursorPage ? { limit: CURSOR_PAGE, before: cursor?.id ?? '' } : { limit: OFFSET_PAGE, offset };
      const read = await this.#store(context, chatId, asked, {
        beside: isCursorPage || (n === 0 && first > 0) ? cursor : null,
        quietly: how.isFirst || n > 0,
        accept: (page) =>
          isCursorPage || n === 0 || page.messages.some((message) => previous.has(message.id)) || page.length === 0,
        startsAfter: isCursorPage ? null : offset,
      });
      if (!read.ok) return read;
      if (read.stored === null) {
        // No shared message: rows disappeared in between. Step back until the pages meet.
        if (offset === first) return NOTHING_READ;
        offset = Math.max(first, offset - OVERLAP);
        continue;
      }
      const { stored, page } = read;
      if (stored.starts || page.length === 0) return { ok: true, starts: stored.starts, stored };
      const { oldest } = this.#ends(context, page);
      const isDeepEnough = how.downTo !== null && oldest !== null && comparePositions(oldest, how.downTo) <= 0;
      if (how.downTo !== null ? isDeepEnough : stored.met || how.isFirst) return { ok: true, starts: false, stored };
      if (isCursorPage) cursor = stored.oldest;
      else {
        previous = new Set(page.messages.map((message) => message.id));
        offset += Math.max(1, page.length - OVERLAP);
      }
    }
    this.#options.logger.info('history.left_a_gap', { chatId, pages: MOST_PAGES });
    return NOTHING_READ;
  }

  /**
   * Makes sure that everything after a place is here, to find an unanswered send in it. The chat list is asked first:
   * reading it leaves no trace, and it is usually enough.
   * @returns false when it cannot be known now: the server is unreachable, or unseen messages lie between.
   */
  async since(context: AccountContext, chatId: string, after: MessagePosition): Promise<boolean> {
    const listed = await this.#listed(context, chatId);
    if (!listed.ok) return false;
    const { last } = listed;
    if (last === null || (last && comparePositions(place(last), after) <= 0)) return true;
    const start = await this.#options.store.fillStart({ chatId, key: last?.id ?? null });
    const isWhole = last && start?.oldest && (start.starts || comparePositions(start.oldest, after) <= 0);
    if (isWhole) return true;
    const isSeen = (start?.unread ?? 0) === 0;
    if (leavesUnread(context) ? !last : !isSeen) return false;
    const how = { downTo: after, isFirst: false };
    // If the server does not list the last message, only the newest page has it: the user has seen all that is known of
    // it.
    const end = last
      ? await this.newest(context, chatId, { ...how, last: start?.newest ?? null, for: 'seen' })
      : await this.newest(context, chatId, { ...how, last: null, for: 'person' });
    return end.ok;
  }

  /**
   * The chat's last message from the chat list, stored: a place to read from that leaves no trace. `last` null: the
   * chat is empty; undefined: the server does not say.
   */
  async #listed(
    context: AccountContext,
    chatId: string,
  ): Promise<{ ok: true; last: Message | null | undefined } | { ok: false; error: AppError; gone: boolean }> {
    const answer = await context.api.call('chats', { query: {} });
    if (!answer.ok) return { ...this.#failed(context, chatId, answer.error), gone: false };
    const chat = answer.value.chats.find(({ id }) => id === chatId);
    if (!chat) return { ok: true, last: undefined };
    const { changes } = await this.#options.store.applyChats({
      chats: [chat],
      quiet: leavesUnread(context),
      now: this.#options.clock.now(),
    });
    this.#options.publish(changes);
    return { ok: true, last: chat.lastMessage };
  }

  /**
   * Reads what lies before or after an interval, or around a message, for a screen that reached the edge.
   * @param keptOut newest messages that no counted page may include: a page read in the background must not mark them
   * as read.
   */
  async beyond(
    context: AccountContext,
    chatId: string,
    edge: 'older' | 'newer' | 'around',
    key: string | null,
    keptOut = 0,
  ): Promise<FillEnd> {
    const start = await this.#options.store.fillStart({ chatId, key });
    if (!start || start.oldest === null || start.newest === null) {
      return key === null || edge !== 'around' ? this.#opened(context, chatId) : this.#around(context, chatId, key);
    }
    if (edge === 'older' && start.starts) return { ok: true, starts: true, stored: null };
    const from = edge === 'newer' ? start.newest : start.oldest;
    if (context.has('cursors')) {
      return this.#store(
        context,
        chatId,
        { limit: CURSOR_PAGE, [edge === 'newer' ? 'after' : 'before']: from.id },
        { beside: from, quietly: true, startsAfter: null },
      );
    }
    // What is known is kept out of every page: the first page comes right after it.
    if (edge === 'older' && start.newerThanOldest < keptOut) {
      const asked = { limit: OFFSET_PAGE, offset: keptOut };
      return this.#store(context, chatId, asked, { beside: from, quietly: true, startsAfter: keptOut });
    }
    const sought = await this.#seek(context, chatId, from, edge === 'newer' ? 0 : start.newerThanOldest, keptOut);
    if (!sought.ok) return sought;
    const next = Math.max(
      0,
      edge === 'newer'
        ? sought.offset - OFFSET_PAGE + OVERLAP
        : sought.offset + Math.max(1, sought.page.length - OVERLAP),
    );
    const shared = new Set(sought.page.messages.map((message) => message.id));
    return this.#store(
      context,
      chatId,
      { limit: OFFSET_PAGE, offset: next },
      {
        beside: null,
        quietly: true,
        startsAfter: next,
        accept: (page) => page.messages.some((message) => shared.has(message.id)),
      },
    );
  }

  /** The first look into a chat of which nothing is stored here. */
  async #opened(context: AccountContext, chatId: string): Promise<FillEnd> {
    const how = { downTo: null, isFirst: true, for: 'person' } as const;
    if (!leavesUnread(context)) return this.newest(context, chatId, { ...how, last: null });
    const listed = await this.#listed(context, chatId);
    if (!listed.ok) return listed;
    if (listed.last === null) {
      const stored = await this.#options.store.applyHistory({
        chatId,
        messages: [],
        beside: null,
        reachesStart: true,
        quietly: true,
        keepReactions: [],
        now: this.#options.clock.now(),
      });
      this.#options.publish(stored.changes);
      return { ok: true, starts: stored.starts, stored };
    }
    const start = await this.#options.store.fillStart({ chatId, key: null });
    return this.newest(context, chatId, { ...how, last: start?.newest ?? null });
  }

  async #around(context: AccountContext, chatId: string, id: string): Promise<FillEnd> {
    const found = await context.api.call('message', { params: { messageId: id } });
    if (!found.ok) return { ok: false, error: found.error, gone: false };
    const { message } = found.value;
    if (message.chatId !== chatId)
      return { ok: false, error: { code: 'not_found', message: 'the message is of another chat' }, gone: false };
    const at = place(message);
    const isDated = isPlausibleTime(at.at, this.#now(context));
    if (!context.has('cursors')) return this.#seek(context, chatId, at, 0);
    this.#options.publish(await this.#options.store.storeOne({ message, now: this.#options.clock.now() }));
    const before = await this.#store(
      context,
      chatId,
      { limit: OFFSET_PAGE, before: id },
      { beside: isDated ? at : null, quietly: true, startsAfter: null },
    );
    if (!before.ok) return before;
    return this.#store(
      context,
      chatId,
      { limit: OFFSET_PAGE, after: id },
      { beside: isDated ? at : null, quietly: true, startsAfter: null },
    );
  }

  /** Finds and stores the counted page that includes a place, by doubling and halving. */
  async #seek(
    context: AccountContext,
    chatId: string,
    target: MessagePosition,
    estimate: number,
    keptOut = 0,
  ): Promise<
    | { ok: true; page: Page; offset: number; starts: boolean; stored: HistoryStored | null }
    | { ok: false; error: AppError; gone: boolean }
  > {
    let low = keptOut;
    let high = Number.POSITIVE_INFINITY;
    let offset = Math.max(low, estimate - OVERLAP);
    let step = OFFSET_PAGE;
    for (let n = 0; n < MOST_SEEKS; n += 1) {
      const read = await this.#store(
        context,
        chatId,
        { limit: OFFSET_PAGE, offset },
        { beside: null, quietly: true, startsAfter: offset },
      );
      if (!read.ok) return read;
      const { newest, oldest } = this.#ends(context, read.page);
      const isTooOld = !newest || comparePositions(target, newest) > 0;
      const isTooNew = !isTooOld && oldest !== null && comparePositions(target, oldest) < 0;
      if ((!isTooOld && !isTooNew) || (isTooOld && offset === keptOut)) return { ...read, offset };
      if (isTooOld) {
        high = offset;
        const back = Number.isFinite(high) && low < high ? Math.floor((low + high) / 2) : 0;
        offset = Math.max(low, Math.min(back, high - 1));
      } else {
        low = offset + Math.max(1, read.page.length - OVERLAP);
        offset = Number.isFinite(high) ? Math.floor((low + high) / 2) : low + step - OFFSET_PAGE;
        step *= 2;
      }
      if (low >= high) break;
    }
    return { ok: false, error: { code: 'not_found', message: 'the place is not in the history' }, gone: false };
  }

  async #store(
    context: AccountContext,
    chatId: string,
    query: { limit: number; offset?: number; before?: string; after?: string },
    how: {
      beside: MessagePosition | null;
      quietly: boolean;
      startsAfter: number | null;
      accept?: (page: Page) => boolean;
    },
  ): Promise<
    | { ok: true; page: Page; starts: boolean; stored: HistoryStored | null }
    | { ok: false; error: AppError; gone: boolean }
  > {
    const touched = new Set<string>();
    this.#onTheirWay.add(touched);
    try {
      const read = await this.#fetch(context, chatId, query);
      if (!read.ok) return read;
      const { page } = read;
      if (how.accept && !how.accept(page)) return { ok: true, page, starts: false, stored: null };
      // A short cursor page is the end; a counted one only if the server says how many there are, or if it is empty.
      const countsAll =
        how.startsAfter !== null &&
        (page.total === null ? page.length === 0 : how.startsAfter + page.length >= page.total);
      const reachesStart =
        query.after === undefined && (how.startsAfter === null ? page.length < query.limit : countsAll);
      // The neighbours of a malformed row are not proven to be adjacent; they are stored as one interval nevertheless.
      const stored = await this.#options.store.applyHistory({
        chatId,
        messages: page.messages,
        beside: how.beside,
        isAfter: query.after !== undefined,
        reachesStart,
        quietly: how.quietly,
        keepReactions: [...touched],
        now: this.#options.clock.now(),
      });
      this.#options.publish(stored.changes);
      return { ok: true, page, starts: stored.starts, stored };
    } finally {
      this.#onTheirWay.delete(touched);
    }
  }

  /** The server's present time, in milliseconds since the epoch. */
  #now(context: AccountContext): number {
    return this.#options.clock.now() + context.serverTime.aheadMs();
  }

  /** The places of a page's newest and oldest messages with a true time. */
  #ends(
    context: AccountContext,
    { messages }: Page,
  ): { newest: MessagePosition | null; oldest: MessagePosition | null } {
    const now = this.#now(context);
    const isDated = (message: Message): boolean => isPlausibleTime(Date.parse(message.createdAt), now);
    const [newest, oldest] = [messages.find(isDated), messages.findLast(isDated)];
    return { newest: newest ? place(newest) : null, oldest: oldest ? place(oldest) : null };
  }

  async #fetch(
    context: AccountContext,
    chatId: string,
    query: { limit: number; offset?: number; before?: string; after?: string },
  ): Promise<Fetched> {
    const answer = await context.api.call('history', { params: { chatId }, query });
    if (answer.ok) {
      const { messages, total } = answer.value;
      const own = messages.filter(
        (message) => message.chatId === chatId && Number.isFinite(Date.parse(message.createdAt)),
      );
      return {
        ok: true,
        page: {
          messages: newestFirst(own, query.after !== undefined, this.#now(context)),
          length: messages.length + (answer.dropped ?? 0),
          total: total ?? null,
        },
      };
    }
    return this.#failed(context, chatId, answer.error);
  }

  #failed(context: AccountContext, chatId: string, error: AppError): { ok: false; error: AppError; gone: boolean } {
    if (error.code === 'unauthenticated') context.tokenRefused();
    const isGone = error.code === 'forbidden' || error.code === 'not_found';
    this.#options.logger.info('history.not_read', { chatId, code: error.code });
    return { ok: false, error, gone: isGone };
  }
}
