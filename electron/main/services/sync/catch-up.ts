/** Reads from the server into the store what was missed while there was no connection. */
import type { ErrorCode } from '#contract/model/errors.ts';
import { isSyncFrame, type ServerFrameOf } from '#contract/ws/server-frames.ts';
import { leavesUnread } from '../../lib/leaves-unread.ts';
import type { AccountContext, Clock, Logger } from '../ports.ts';
import type { ChatToFill } from '../store/ops/event-operations.ts';
import type { WriterApi } from '../store/operations.ts';
import type { ChangeSet } from '../store/protocol.ts';
import { readChatList, type ListRead } from './chat-list.ts';
import type { History } from './history.ts';

/** Chats filled at the same time. */
const FILLS_AT_ONCE = 3;
/** Maximum number of pages of events read in a row; beyond them the history is the shorter way. */
const MOST_EVENT_PAGES = 200;
/** Chats whose history was never read: this many are filled before the account counts as live, the rest afterwards. */
const FIRST_FILLS = 40;

export interface CatchUpOptions {
  store: Pick<
    WriterApi,
    | 'syncPoint'
    | 'setSyncPoint'
    | 'applyEvents'
    | 'applyChats'
    | 'applyHistory'
    | 'adoptReads'
    | 'fillStart'
    | 'setServerClock'
  >;
  history: History;
  clock: Clock;
  logger: Logger;
  publish: (changes: ChangeSet) => void;
  onFailpoint: (step: 'events-applied' | 'chats-applied' | 'history-applied') => void;
  /** The chat list did not arrive whole. */
  onCut: () => void;
}

export type Failed = { kind: 'failed'; code: ErrorCode; retryAfterMs: number | undefined };
export type CatchUpEnd = Failed | { kind: 'done'; how: 'events' | 'history'; seq: number | null; rest: ChatToFill[] };

export class CatchUp {
  readonly #options: CatchUpOptions;
  /** How far the server's clock is ahead, in milliseconds, as the store was last informed. */
  #ahead: number | null = null;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /**
   * Reads what was missed. `isCurrent` false: another connection has taken over, and the answer does not matter.
   * @param gap the number of an event behind a gap: what precedes it comes from the events that the server has kept or,
   * if they do not include it, from the history.
   */
  async run(
    context: AccountContext,
    hello: ServerFrameOf<'auth:success'>['data'],
    isCurrent: () => boolean,
    gap: number | null = null,
  ): Promise<CatchUpEnd> {
    const { store } = this.#options;
    this.#ahead = null;
    const point = await store.syncPoint({});
    if (context.has('sync') && point && hello.epoch && point.epoch === hello.epoch) {
      const byEvents = await this.#byEvents(context, point.seq, point.epoch, isCurrent);
      const isGapLeft =
        byEvents !== 'reset' && byEvents.kind === 'done' && gap !== null && (byEvents.seq ?? 0) < gap - 1;
      if (byEvents !== 'reset' && !isGapLeft) return byEvents;
      if (isGapLeft) this.#options.logger.warn('sync.gap_not_filled', { before: gap });
    }
    const read = await this.readChats(context);
    if (read.kind === 'failed') return read;
    const known = read.fill.filter((chat) => chat.known);
    const fresh = read.fill.filter((chat) => !chat.known);
    // Where fetching is reading, nothing is fetched until events are applied: only then is it known what is unread.
    const first = leavesUnread(context) ? [...known, ...fresh.slice(0, FIRST_FILLS)] : [];
    const failed = await this.fill(context, first, isCurrent);
    if (failed) return failed;
    const rest = [...known, ...fresh].slice(first.length);
    if (context.has('message-read')) {
      this.#options.publish(await store.adoptReads({ chats: read.counts, now: this.#options.clock.now() }));
    }
    const counts = context.has('sync') && hello.epoch && typeof hello.seq === 'number';
    // The history was read after the event behind the gap had come: it includes everything before it.
    const seq = Math.max(hello.seq ?? 0, gap === null ? 0 : gap - 1);
    if (counts && isCurrent()) await store.setSyncPoint({ seq, epoch: hello.epoch ?? '' });
    return { kind: 'done', how: 'history', seq: counts ? seq : null, rest };
  }

  /** A message dated past the server's present has no true time: the store must know it before anything is stored. */
  async #updateClock(context: AccountContext): Promise<void> {
    const ahead = context.serverTime.aheadMs();
    // The header has a resolution of one second.
    if (this.#ahead !== null && Math.abs(ahead - this.#ahead) < 2_000) return;
    this.#ahead = ahead;
    await this.#options.store.setServerClock({ ahead });
  }

  async #byEvents(
    context: AccountContext,
    since: number,
    epoch: string,
    isCurrent: () => boolean,
  ): Promise<CatchUpEnd | 'reset'> {
    const { store, clock, publish, history, onFailpoint } = this.#options;
    let seq = since;
    for (let n = 0; n < MOST_EVENT_PAGES; n += 1) {
      const answer = await context.api.call('sync', { query: { since: seq } });
      if (!answer.ok) return { kind: 'failed', code: answer.error.code, retryAfterMs: answer.error.retryAfterMs };
      const { events = [], reset, more } = answer.value;
      // An event that could not be read is a gap: only the history shows what it was.
      if (reset || answer.value.epoch !== epoch || (answer.dropped ?? 0) > 0) return 'reset';
      if (!isCurrent()) return { kind: 'done', how: 'events', seq, rest: [] };
      const isStuck = more === true && (answer.value.seq <= seq || events.length === 0);
      seq = Math.max(seq, answer.value.seq);
      const frames = events.filter(isSyncFrame);
      for (const frame of frames)
        if (frame.type === 'reaction:new' || frame.type === 'reaction:removed')
          history.reactionChanged(frame.data.messageId);
      await this.#updateClock(context);
      const { changes } = await store.applyEvents({ frames, seq, epoch, now: clock.now() });
      publish(changes);
      onFailpoint('events-applied');
      if (!more) return { kind: 'done', how: 'events', seq, rest: [] };
      if (isStuck) break;
    }
    this.#options.logger.warn('sync.events_do_not_end', { since, seq });
    return 'reset';
  }

  /** Reads the chat list into the store; returns what must be filled, most recent activity first. */
  async readChats(context: AccountContext): Promise<ListRead | Failed> {
    const { store, clock, publish, onFailpoint, onCut, logger } = this.#options;
    const read = await readChatList(context, async (chats) => {
      await this.#updateClock(context);
      const { changes, fill } = await store.applyChats({ chats, quiet: leavesUnread(context), now: clock.now() });
      publish(changes);
      return fill;
    });
    if (read.kind === 'failed') return read;
    if (read.cut) {
      logger.warn('sync.list_not_whole', { reason: read.cut, chats: read.chats });
      onCut();
    }
    onFailpoint('chats-applied');
    return read;
  }

  /** Fills chats, a few at a time; a chat that the server does not let us read is left out. */
  async fill(context: AccountContext, chats: readonly ChatToFill[], isCurrent: () => boolean): Promise<Failed | null> {
    const waiting = [...chats];
    let failed: Failed | null = null;
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next && !failed && isCurrent(); next = waiting.shift()) {
        failed ??= await this.#fillOne(context, next);
      }
    };
    await Promise.all(Array.from({ length: FILLS_AT_ONCE }, work));
    return failed;
  }

  async #fillOne(context: AccountContext, chat: ChatToFill): Promise<Failed | null> {
    const { store, history, publish, onFailpoint } = this.#options;
    const failed = chat.shortened === undefined ? null : await this.#readWhole(context, chat.chatId, chat.shortened);
    if (failed) return failed;
    const start = await store.fillStart({ chatId: chat.chatId, key: null });
    const end = await history.newest(context, chat.chatId, {
      last: start?.newest ?? null,
      downTo: null,
      isFirst: !chat.known,
      for: start?.unread === 0 ? 'seen' : 'nobody',
    });
    onFailpoint('history-applied');
    if (!end.ok)
      return end.gone ? null : { kind: 'failed', code: end.error.code, retryAfterMs: end.error.retryAfterMs };
    if (end.stored) publish({ messages: [], chats: [], stale: [chat.chatId], unread: null, failed: [], uploads: [] });
    return null;
  }

  /** Reads the last message of a chat if the list had only part of it. */
  async #readWhole(context: AccountContext, chatId: string, messageId: string): Promise<Failed | null> {
    const { store, clock, publish } = this.#options;
    const found = await context.api.call('message', { params: { messageId } });
    if (!found.ok) {
      // It was deleted meanwhile, or is not for us: the history shows what is there.
      if (found.error.code === 'not_found' || found.error.code === 'forbidden') return null;
      return { kind: 'failed', code: found.error.code, retryAfterMs: found.error.retryAfterMs };
    }
    const { message } = found.value;
    if (message.chatId !== chatId || message.id !== messageId || message.shortened) return null;
    const stored = await store.applyHistory({
      chatId,
      messages: [message],
      beside: null,
      reachesStart: false,
      quietly: true,
      keepReactions: [],
      now: clock.now(),
    });
    publish(stored.changes);
    return null;
  }

  /** The rest of the chats that were never read, one after the other, while the account is live. */
  async fillRest(context: AccountContext, chats: readonly ChatToFill[], isCurrent: () => boolean): Promise<void> {
    for (const chat of chats) {
      if (!isCurrent()) return;
      const failed = await this.#fillOne(context, chat);
      if (failed) {
        this.#options.logger.info('sync.rest_left', { code: failed.code });
        return;
      }
    }
  }
}
