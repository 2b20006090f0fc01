/**
 * How far messages have come: sent -> delivered -> read, never back.
 *
 * Each member of a chat has two marks, "delivered up to" and "read up to". Moving one forward tells the senders: one
 * frame for the newest message with `upTo`, which is kept for those who sync, and frames for the single messages before
 * it (a bounded number, not kept) for clients that know only those. Moving the read mark also tells the reader's own
 * devices.
 */
import type { ServerFrame } from '#contract/ws/server-frames.ts';
import type { Chats, MemberRow } from '../repositories/chats.ts';
import type { MessageRow, Messages } from '../repositories/messages.ts';
import type { Effects, WriteQueue } from '../storage/write-queue.ts';
import type { EventLog } from './event-log.ts';

export interface ProgressOptions {
  chats: Chats;
  messages: Messages;
  queue: WriteQueue;
  log: EventLog;
  /** Frames for single messages beside the one with `upTo`. */
  statusFrames: number;
  /** Whether `upTo` and `chat:read` are spoken. */
  extended: boolean;
  onError: (error: unknown) => void;
}

type Mark = 'deliveredAt' | 'readAt';

/** How far a sender's messages have come: the slowest mark of the others. */
function slowest(members: readonly MemberRow[], senderId: string, mark: Mark): number {
  return Math.min(...members.filter((member) => member.userId !== senderId).map((member) => member[mark]));
}

export type Progress = ReturnType<typeof createProgress>;

export function createProgress(options: ProgressOptions) {
  const { chats, messages, queue, log, statusFrames, extended, onError } = options;

  function tellSender(effects: Effects, senderId: string, rows: MessageRow[], status: 'delivered' | 'read'): void {
    const frame = (row: MessageRow, upTo: boolean) =>
      ({
        type: 'message:status',
        data: { messageId: row.id, status, chatId: row.chatId, ...(upTo ? { upTo } : {}) },
      }) satisfies ServerFrame;
    const [newest, ...earlier] = rows;
    if (!newest) return;
    log.emit(effects, senderId, frame(newest, extended));
    for (const row of earlier) log.tell(effects, senderId, frame(row, false));
  }

  /** Moves marks within a write and tells the senders what that changed. */
  function advance(effects: Effects, chatId: string, mark: Mark, move: () => boolean): boolean {
    const before = chats.members(chatId);
    if (!move()) return false;
    const after = chats.members(chatId);
    for (const { userId: sender } of before) {
      const from = slowest(before, sender, mark);
      const to = slowest(after, sender, mark);
      if (!(to > from)) continue;
      const rows = messages.sentBetween(chatId, sender, from, to, statusFrames + 1);
      tellSender(effects, sender, rows, mark === 'readAt' ? 'read' : 'delivered');
    }
    return true;
  }

  function deliver(effects: Effects, chatId: string, userId: string, upTo: number): void {
    advance(effects, chatId, 'deliveredAt', () => chats.markDelivered(chatId, userId, upTo));
  }

  function read(effects: Effects, chatId: string, userId: string, upTo: number): void {
    const moved = advance(effects, chatId, 'readAt', () => chats.markRead(chatId, userId, upTo));
    if (!moved || !extended) return;
    const newest = messages.newestUpTo(chatId, upTo);
    if (!newest) return;
    const unreadCount = chats.member(chatId, userId)?.unread ?? 0;
    log.emit(effects, userId, { type: 'chat:read', data: { chatId, messageId: newest.id, unreadCount } });
  }

  // What connections took since the last write, so that a burst of messages is one write and not one each.
  let taken = new Map<string, { chatId: string; userId: string; upTo: number }>();
  function writeTaken(effects: Effects): void {
    const all = taken;
    taken = new Map();
    for (const { chatId, userId, upTo } of all.values()) deliver(effects, chatId, userId, upTo);
  }

  return {
    /** A connection of the person took a message of that time. */
    received(userId: string, chatId: string, upTo: number): void {
      const key = `${userId}:${chatId}`;
      const known = taken.get(key);
      if (known) {
        known.upTo = Math.max(known.upTo, upTo);
        return;
      }
      taken.set(key, { userId, chatId, upTo });
      if (taken.size === 1) queue.run(writeTaken).catch(onError);
    },
    /** The person is there: whatever waited for them has arrived. */
    async receivedAll(userId: string): Promise<void> {
      if (chats.undelivered(userId).length === 0) return;
      await queue.run((effects) => {
        for (const { chatId, upTo } of chats.undelivered(userId)) deliver(effects, chatId, userId, upTo);
      });
    },
    async receivedUpTo(userId: string, chatId: string, upTo: number): Promise<void> {
      if ((chats.member(chatId, userId)?.deliveredAt ?? upTo) >= upTo) return;
      await queue.run((effects) => deliver(effects, chatId, userId, upTo));
    },
    /** The person has read everything up to that time. */
    async readUpTo(userId: string, chatId: string, upTo: number): Promise<void> {
      if ((chats.member(chatId, userId)?.readAt ?? upTo) >= upTo) return;
      await queue.run((effects) => read(effects, chatId, userId, upTo));
    },
  };
}
