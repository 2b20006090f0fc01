/**
 * Receipts: sent -> delivered -> read, never back.
 *
 * Each member of a chat has two watermarks, "delivered up to" and "read up to". Advancing one notifies the senders: a
 * frame for the newest message with `upTo`, which is kept for clients that sync, and frames for the single messages
 * before it (a limited number, not kept) for clients that only understand those. Advancing the read watermark also
 * notifies the reader's other devices.
 *
 * Only `readUpTo` is an explicit request. The others merely record what was fetched or sent: a full disk must not keep
 * anyone from reading, so they never fail and are retried later.
 */
import type { ServerFrame } from '#contract/ws/server-frames.ts';
import type { ChatRow, MemberRow, MessageRow } from '../records.ts';
import type {
  ChatPlace,
  Effects,
  LateWrites,
  Reads,
  Repositories,
  Scanned,
  WriteQueue,
} from '../repositories/ports.ts';
import type { Turns } from '../turns.ts';
import type { EventLog } from './event-log.ts';

export interface ReceiptsOptions {
  reads: Pick<Reads, 'chats'>;
  queue: WriteQueue;
  late: LateWrites;
  log: EventLog;
  turns: Turns;
  /** Frames for single messages in addition to the one with `upTo`. */
  statusFrames: number;
  /** Whether `upTo` and `chat:read` are sent. */
  extended: boolean;
  /** Milliseconds that lie at least between two writes of what connections accepted; 0 by default. */
  shareMs?: number;
}

/** Chats updated per write, and chats looked at per turn: bound how long either blocks the event loop. */
const CHATS_AT_ONCE = 20;
const CHATS_SCANNED = 200;

type Watermark = 'deliveredAt' | 'readAt';

type Waiting = Omit<Mark, 'userId'>;

/** How far somebody has come in a chat. */
interface Mark {
  chatId: string;
  userId: string;
  upTo: number;
}

/** How far a sender's messages have come: the lowest watermark of the other members. */
function slowest(members: readonly MemberRow[], senderId: string, mark: Watermark): number {
  return Math.min(...members.filter((member) => member.userId !== senderId).map((member) => member[mark]));
}

/** The same members after one of them has come as far as `upTo`. */
function moved(members: readonly MemberRow[], userId: string, mark: Watermark, upTo: number): MemberRow[] {
  return members.map((member) => (member.userId === userId ? { ...member, [mark]: upTo } : member));
}

export type Receipts = ReturnType<typeof createReceipts>;

export function createReceipts(options: ReceiptsOptions) {
  const { reads, queue, late, log, turns, statusFrames, extended, shareMs = 0 } = options;

  function notifySender(
    tx: Repositories,
    effects: Effects,
    senderId: string,
    rows: MessageRow[],
    status: 'delivered' | 'read',
  ): void {
    const frame = (row: MessageRow, upTo: boolean) =>
      ({
        type: 'message:status',
        data: { messageId: row.id, status, chatId: row.chatId, ...(upTo ? { upTo } : {}) },
      }) satisfies ServerFrame;
    const [newest, ...earlier] = rows;
    if (!newest) return;
    log.emit(tx, effects, senderId, frame(newest, extended));
    for (const row of earlier) log.tell(effects, senderId, frame(row, false));
  }

  /**
   * Advances a watermark within a write that has locked the chat, and notifies the senders affected.
   * @returns whether it moved.
   */
  async function advance(
    tx: Repositories,
    effects: Effects,
    chatId: string,
    userId: string,
    mark: Watermark,
    upTo: number,
  ): Promise<boolean> {
    const before = await tx.chats.members(chatId);
    const isMoved =
      mark === 'readAt'
        ? await tx.chats.markRead(chatId, userId, upTo)
        : await tx.chats.markDelivered(chatId, userId, upTo);
    if (!isMoved) return false;
    const after = moved(before, userId, mark, upTo);
    for (const { userId: sender } of before) {
      const from = slowest(before, sender, mark);
      const to = slowest(after, sender, mark);
      if (!(to > from)) continue;
      // Frames for single messages are not kept: there are none for a sender who is not there.
      const limit = log.isHeard(sender) ? statusFrames + 1 : 1;
      const rows = await tx.messages.sentBetween(chatId, sender, from, to, limit);
      notifySender(tx, effects, sender, rows, mark === 'readAt' ? 'read' : 'delivered');
    }
    return true;
  }

  async function deliver(tx: Repositories, effects: Effects, marks: readonly Mark[]): Promise<void> {
    await tx.chats.lock(marks.map(({ chatId }) => chatId));
    for (const { chatId, userId, upTo } of marks) await advance(tx, effects, chatId, userId, 'deliveredAt', upTo);
  }

  async function read(tx: Repositories, effects: Effects, { chatId, userId, upTo }: Mark): Promise<void> {
    await tx.chats.lock([chatId]);
    const isMoved = await advance(tx, effects, chatId, userId, 'readAt', upTo);
    if (!isMoved || !extended) return;
    const newest = await tx.messages.newestUpTo(chatId, upTo);
    if (!newest) return;
    const unreadCount = (await tx.chats.member(chatId, userId))?.unread ?? 0;
    log.emit(tx, effects, userId, { type: 'chat:read', data: { chatId, messageId: newest.id, unreadCount } });
  }

  /** Marks everything pending for the user as delivered, a few chats per write. */
  async function deliverAll(userId: string): Promise<void> {
    let after: ChatPlace | null = null;
    do {
      await turns.next();
      const { found, last }: Scanned<Waiting, ChatPlace> = await reads.chats.undelivered(userId, after, CHATS_SCANNED);
      for (let start = 0; start < found.length; start += CHATS_AT_ONCE) {
        const marks = found.slice(start, start + CHATS_AT_ONCE).map(({ chatId, upTo }) => ({ chatId, userId, upTo }));
        await queue.run((tx, effects) => deliver(tx, effects, marks));
      }
      after = last;
    } while (after);
  }

  async function readUpTo(userId: string, chatId: string, upTo: number): Promise<void> {
    if (((await reads.chats.member(chatId, userId))?.readAt ?? upTo) >= upTo) return;
    await queue.run((tx, effects) => read(tx, effects, { chatId, userId, upTo }));
  }

  async function receivedUpTo(userId: string, chatId: string, upTo: number): Promise<void> {
    if (((await reads.chats.member(chatId, userId))?.deliveredAt ?? upTo) >= upTo) return;
    await late.attempt(`delivered ${userId} ${chatId}`, upTo, () =>
      queue.run((tx, effects) => deliver(tx, effects, [{ chatId, userId, upTo }])),
    );
  }

  // What connections accepted since the last write; a burst of messages becomes one write instead of one each. The first
  // is written at once; while more come, each write waits a moment, since a chat's later mark replaces its earlier one.
  let taken = new Map<string, Mark>();
  let writing = false;
  let spacing = shareMs;
  let lastBegan = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  function take(mark: Mark): void {
    const key = `${mark.userId}:${mark.chatId}`;
    const known = taken.get(key);
    if (known) known.upTo = Math.max(known.upTo, mark.upTo);
    else taken.set(key, mark);
  }
  async function writeTaken(): Promise<void> {
    let all: Map<string, Mark> | null = null;
    try {
      await queue.run(async (tx, effects) => {
        // What comes from now on is for the next write; a second run of this one has the same marks.
        if (!all) {
          all = taken;
          taken = new Map();
          writing = false;
        }
        await deliver(tx, effects, [...all.values()]);
      });
    } catch (error) {
      for (const mark of (all as Map<string, Mark> | null)?.values() ?? []) take(mark);
      throw error;
    } finally {
      writing = false;
    }
  }

  function beginWriting(): void {
    timer = null;
    writing = true;
    lastBegan = performance.now();
    void late.attempt('taken', 0, writeTaken);
  }

  return {
    /** A connection of the user accepted a message sent at that time. */
    received(userId: string, chatId: string, upTo: number): void {
      take({ userId, chatId, upTo });
      if (writing || timer) return;
      const wait = lastBegan + spacing - performance.now();
      if (wait > 0) timer = setTimeout(beginWriting, wait).unref();
      else beginWriting();
    },
    /** The node stops: what waits to be written with more is written now, and nothing waits any more. */
    close(): void {
      spacing = 0;
      if (!timer) return;
      clearTimeout(timer);
      beginWriting();
    },
    /** The user is connected: everything pending for them is delivered. */
    receivedAll: (userId: string): Promise<void> => late.attempt(`arrived ${userId}`, 0, () => deliverAll(userId)),
    /** The user fetched these chats with their last messages. */
    async receivedChats(userId: string, rows: readonly ChatRow[]): Promise<void> {
      await Promise.all(rows.map((row) => receivedUpTo(userId, row.id, row.lastMessageAt)));
    },
    receivedUpTo,
    /** The user fetched history up to that time in the way that marks it read. */
    fetchedUpTo: (userId: string, chatId: string, upTo: number): Promise<void> =>
      late.attempt(`read ${userId} ${chatId}`, upTo, () => readUpTo(userId, chatId, upTo)),
    /**
     * The user reports having read everything up to that time.
     * @throws any storage error: the caller must learn that it was not recorded.
     */
    readUpTo,
  };
}
