/** What the user does with a chat. */
import type { Chat } from '#contract/api/chat.ts';
import type { ChatView, UnreadView } from '#contract/ipc/views.ts';
import { MOST } from '#contract/model/limits.ts';
import { comparePositions, PENDING_BASE } from '#contract/model/message-order.ts';
import { moveReadMark, upsertChat } from '../chat-rows.ts';
import { inTransaction } from '../changes.ts';
import type { StoreContext } from '../context.ts';
import { readMeta, writeMeta } from '../meta.ts';
import type { ChangeSet } from '../protocol.ts';
import { newestRange } from '../ranges.ts';
import { chatViews, listedChats, unreadView } from '../views.ts';

/** What a page needs to start. */
export interface StoreSnapshot {
  /** The first chats of the list, as many as were requested. */
  chats: ChatView[];
  more: boolean;
  unread: UnreadView;
  /** Unread messages by chat, over all of them; chats without any are left out. */
  counts: [chatId: string, unread: number][];
  /** The chat opened last, if it still exists. */
  lastChatId: string | null;
}

/** The head of the list and the unread sum. */
export function snapshot(context: StoreContext, { now, limit }: { now: number; limit: number }): StoreSnapshot {
  const counts = context.sql.all<{ id: string; unread: number }>(
    `SELECT id, min(unread, ${MOST.count}) AS unread FROM chats WHERE unread > 0`,
  );
  return {
    ...listedChats(context, { now, after: null, limit }),
    unread: unreadView(context, now),
    counts: counts.map(({ id, unread }) => [id, unread]),
    lastChatId: knownChat(context, readMeta(context.sql, 'open_chat') ?? ''),
  };
}

function knownChat(context: StoreContext, chatId: string): string | null {
  return context.sql.get<{ id: string }>('SELECT id FROM chats WHERE id = ?', chatId)?.id ?? null;
}

/** Remembers that this chat was opened. Null if there is no such chat. */
export function opened(context: StoreContext, input: { chatId: string; now: number }): ChangeSet | null {
  if (knownChat(context, input.chatId) === null) return null;
  return inTransaction(context, input.now, () => writeMeta(context.sql, 'open_chat', input.chatId));
}

/** The list after a place. */
export const chatList = listedChats;

/** One chat. */
export function chat(context: StoreContext, input: { chatId: string; now: number }): ChatView | null {
  return chatViews(context, input.now, [input.chatId])[0] ?? null;
}

/** Stores a chat that the server has just created or returned. */
export function addChat(context: StoreContext, input: { chat: Chat; now: number }): ChangeSet {
  return inTransaction(context, input.now, (changes) => {
    upsertChat(context, input.chat, input.now);
    changes.chat(input.chat.id);
  });
}

/** Stores a draft. Null if there is no such chat. */
export function saveDraft(
  context: StoreContext,
  input: { chatId: string; text: string; replyTo: string | null; now: number },
): ChangeSet | null {
  if (knownChat(context, input.chatId) === null) return null;
  return inTransaction(context, input.now, (changes) => {
    if (input.text === '' && input.replyTo === null)
      context.sql.run('DELETE FROM drafts WHERE chat_id = ?', input.chatId);
    else {
      context.sql.run(
        'INSERT INTO drafts (chat_id, text, reply_to) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET text = excluded.text, reply_to = excluded.reply_to',
        input.chatId,
        input.text,
        input.replyTo,
      );
    }
    changes.chat(input.chatId);
  });
}

export interface Organise {
  chatId: string;
  pinned?: boolean | undefined;
  archived?: boolean | undefined;
  muted?: { until: number | null } | null | undefined;
  markedUnread?: boolean | undefined;
  now: number;
}

/** Pins, archives, mutes, marks unread: only what is given changes. Null if there is no such chat. */
export function organise(context: StoreContext, input: Organise): ChangeSet | null {
  if (!context.sql.get('SELECT id FROM chats WHERE id = ?', input.chatId)) return null;
  return inTransaction(context, input.now, (changes) => {
    context.sql.run('INSERT OR IGNORE INTO flags (chat_id) VALUES (?)', input.chatId);
    const set = (column: 'pinned' | 'archived' | 'marked_unread', value: boolean | undefined): void => {
      if (value !== undefined)
        context.sql.run(`UPDATE flags SET ${column} = ? WHERE chat_id = ?`, Number(value), input.chatId);
    };
    set('pinned', input.pinned);
    set('archived', input.archived);
    set('marked_unread', input.markedUnread);
    if (input.muted !== undefined) {
      context.sql.run(
        'UPDATE flags SET muted = ?, muted_until = ? WHERE chat_id = ?',
        Number(input.muted !== null),
        input.muted?.until ?? null,
        input.chatId,
      );
    }
    changes.chat(input.chatId);
  });
}

/** Ends mutes whose time has come; returns the next time at which one ends. */
export function muteEnds(context: StoreContext, input: { now: number }): { next: number | null; changes: ChangeSet } {
  const ended = context.sql.all<{ chat_id: string }>(
    'SELECT chat_id FROM flags WHERE muted = 1 AND muted_until <= ?',
    input.now,
  );
  const changes = inTransaction(context, input.now, (changes) => {
    for (const row of ended) {
      context.sql.run('UPDATE flags SET muted = 0, muted_until = NULL WHERE chat_id = ?', row.chat_id);
      changes.chat(row.chat_id);
    }
  });
  const next = context.sql.get<{ next: number | null }>(
    'SELECT min(muted_until) AS next FROM flags WHERE muted = 1 AND muted_until > ?',
    input.now,
  );
  return { next: next?.next ?? null, changes };
}

/** The user has seen everything up to this message. Null if it is not known here. */
export function markRead(
  context: StoreContext,
  input: { chatId: string; messageId: string; now: number },
): ChangeSet | null {
  const place = context.sql.get<{ at: number; tie: string }>(
    'SELECT at, tie FROM messages WHERE id = ? AND chat_id = ?',
    input.messageId,
    input.chatId,
  );
  if (!place) return null;
  return inTransaction(context, input.now, (changes) => {
    const unmarked =
      context.sql.run('UPDATE flags SET marked_unread = 0 WHERE chat_id = ? AND marked_unread = 1', input.chatId) > 0;
    const moved = moveReadMark(context, input.chatId, place);
    if (moved) context.sql.run('UPDATE chats SET read_wanted = ? WHERE id = ?', input.messageId, input.chatId);
    if (moved || unmarked) changes.chat(input.chatId);
  });
}

/** A read that has not been reported to the server. */
export interface UnreportedRead {
  chatId: string;
  messageId: string;
  /** Number of messages after it; null if a gap lies between, or it is not here. */
  newer: number | null;
}

/** Reads that have not been reported to the server. */
export function unreportedReads(context: StoreContext, _input: Record<never, never>): UnreportedRead[] {
  return context.sql
    .all<{ id: string; read_wanted: string }>(
      'SELECT id, read_wanted FROM chats WHERE read_wanted IS NOT NULL AND read_wanted IS NOT read_reported',
    )
    .map((row) => ({ chatId: row.id, messageId: row.read_wanted, newer: newerThan(context, row.id, row.read_wanted) }));
}

function newerThan(context: StoreContext, chatId: string, messageId: string): number | null {
  const place = context.sql.get<{ at: number; tie: string }>('SELECT at, tie FROM messages WHERE id = ?', messageId);
  const newest = newestRange(context.sql, chatId);
  if (!place || !newest || comparePositions(place, newest.from) < 0) return null;
  return (
    context.sql.get<{ n: number }>(
      `SELECT count(*) AS n FROM messages WHERE chat_id = ? AND (at, tie) > (?, ?) AND at < ${PENDING_BASE}`,
      chatId,
      place.at,
      place.tie,
    )?.n ?? null
  );
}

/** The read was reported to the server. */
export function readReported(context: StoreContext, input: { chatId: string; messageId: string }): null {
  context.sql.run('UPDATE chats SET read_reported = ? WHERE id = ?', input.messageId, input.chatId);
  return null;
}
