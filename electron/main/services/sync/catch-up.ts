/** What was missed while nobody listened, read from the server into the store. */
import type { Chat } from '#contract/api/chat.ts';
import type { ErrorCode } from '#contract/model/errors.ts';
import type { ServerFrame, ServerFrameOf } from '#contract/ws/server-frames.ts';
import { leavesUnread } from '../../lib/leaves-unread.ts';
import type { AccountContext, Clock, Logger } from '../ports.ts';
import type { ChatToFill, StoredFrame } from '../store/ops/events.ts';
import type { ChangeSet, WriterApi } from '../store/protocol.ts';
import type { History } from './history.ts';

/** Chats that are handed to the store at the same time. */
const CHATS_AT_ONCE = 100;
/** Chats filled at the same time. */
const FILLS_AT_ONCE = 3;
/** Chats whose past was never read: so many are filled before the account counts as live, the rest afterwards. */
const FIRST_FILLS = 40;

export interface CatchUpOptions {
  store: Pick<WriterApi, 'syncPoint' | 'setSyncPoint' | 'applyEvents' | 'applyChats' | 'adoptReads' | 'fillStart'>;
  history: History;
  clock: Clock;
  logger: Logger;
  publish: (changes: ChangeSet) => void;
  onStep: (step: 'events-applied' | 'chats-applied' | 'history-applied') => void;
}

type Failed = { kind: 'failed'; code: ErrorCode; retryAfterMs: number | undefined };
export type CatchUpEnd = Failed | { kind: 'done'; how: 'events' | 'history'; seq: number | null; rest: ChatToFill[] };
type ChatsRead = Failed | { kind: 'read'; chats: Chat[]; fill: ChatToFill[] };

const STORED: ReadonlySet<ServerFrame['type']> = new Set([
  'message:new',
  'message:status',
  'reaction:new',
  'reaction:removed',
  'chat:read',
]);

function isStoredEvent(frame: ServerFrame): frame is StoredFrame {
  return STORED.has(frame.type);
}

export class CatchUp {
  readonly #options: CatchUpOptions;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** Reads what was missed. `isCurrent` false: another connection has taken over, and the answer does not matter. */
  async run(
    context: AccountContext,
    hello: ServerFrameOf<'auth:success'>['data'],
    isCurrent: () => boolean,
  ): Promise<CatchUpEnd> {
    const { store } = this.#options;
    const point = await store.syncPoint({});
    if (context.has('sync') && point && hello.epoch && point.epoch === hello.epoch) {
      const told = await this.#byEvents(context, point.seq, point.epoch, isCurrent);
      if (told !== 'reset') return told;
    }
    const read = await this.readChats(context);
    if (read.kind === 'failed') return read;
    const known = read.fill.filter((chat) => chat.known);
    const fresh = read.fill.filter((chat) => !chat.known);
    // Where a fetch reads, nothing is fetched until events are applied: only then it is known what nobody has seen.
    const first = leavesUnread(context) ? [...known, ...fresh.slice(0, FIRST_FILLS)] : [];
    const failed = await this.fill(context, first, isCurrent);
    if (failed) return failed;
    const rest = [...known, ...fresh].slice(first.length);
    if (context.has('message-read')) {
      const counts = read.chats.flatMap((chat) =>
        typeof chat.unreadCount === 'number'
          ? [{ chatId: chat.id, unread: chat.unreadCount, lastId: chat.lastMessage?.id ?? null }]
          : [],
      );
      this.#options.publish(await store.adoptReads({ chats: counts, now: this.#options.clock.now() }));
    }
    const counts = context.has('sync') && hello.epoch && typeof hello.seq === 'number';
    if (counts && isCurrent()) await store.setSyncPoint({ seq: hello.seq ?? 0, epoch: hello.epoch ?? '' });
    return { kind: 'done', how: 'history', seq: counts ? (hello.seq ?? 0) : null, rest };
  }

  async #byEvents(
    context: AccountContext,
    since: number,
    epoch: string,
    isCurrent: () => boolean,
  ): Promise<CatchUpEnd | 'reset'> {
    const { store, clock, publish, history, onStep } = this.#options;
    for (let seq = since; ;) {
      const answer = await context.api.call('sync', { query: { since: seq } });
      if (!answer.ok) return { kind: 'failed', code: answer.error.code, retryAfterMs: answer.error.retryAfterMs };
      const { events = [], reset, more } = answer.value;
      // An event that could not be read is a hole: only the history tells what it was.
      if (reset || answer.value.epoch !== epoch || (answer.dropped ?? 0) > 0) return 'reset';
      if (!isCurrent()) return { kind: 'done', how: 'events', seq, rest: [] };
      seq = Math.max(seq, answer.value.seq);
      const frames = events.filter(isStoredEvent);
      for (const frame of frames)
        if (frame.type === 'reaction:new' || frame.type === 'reaction:removed')
          history.reactionChanged(frame.data.messageId);
      const { changes } = await store.applyEvents({ frames, seq, epoch, now: clock.now() });
      publish(changes);
      onStep('events-applied');
      if (!more) return { kind: 'done', how: 'events', seq, rest: [] };
    }
  }

  /** Reads the list of chats into the store; what must be filled comes back, most recent activity first. */
  async readChats(context: AccountContext): Promise<ChatsRead> {
    const answer = await context.api.call('chats', { query: {} });
    if (!answer.ok) return { kind: 'failed', code: answer.error.code, retryAfterMs: answer.error.retryAfterMs };
    const { chats } = answer.value;
    const fill: ChatToFill[] = [];
    // Piece by piece: a thousand chats at once would hold main up on their way to the store and back.
    for (let from = 0; from < chats.length; from += CHATS_AT_ONCE) {
      const piece = chats.slice(from, from + CHATS_AT_ONCE);
      const applied = await this.#options.store.applyChats({
        chats: piece,
        quiet: leavesUnread(context),
        now: this.#options.clock.now(),
      });
      this.#options.publish(applied.changes);
      fill.push(...applied.fill);
    }
    this.#options.onStep('chats-applied');
    return { kind: 'read', chats, fill };
  }

  /** Fills chats, a few at a time; a chat that the server does not show is left out. */
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
    const { store, history, publish, onStep } = this.#options;
    const start = await store.fillStart({ chatId: chat.chatId, key: null });
    const end = await history.newest(context, chat.chatId, {
      last: start?.newest ?? null,
      downTo: null,
      isFirst: !chat.known,
      for: start?.unread === 0 ? 'seen' : 'nobody',
    });
    onStep('history-applied');
    if (!end.ok)
      return end.gone ? null : { kind: 'failed', code: end.error.code, retryAfterMs: end.error.retryAfterMs };
    if (end.stored) publish({ messages: [], chats: [], stale: [chat.chatId], unread: null, failed: [] });
    return null;
  }

  /** The rest of the chats that were never read, one after the other, while life goes on. */
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
