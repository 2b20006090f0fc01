/**
 * How far back the stored history of chats reaches, and where reading would continue. A chat is complete when its
 * newest proven interval includes its beginning: then nothing is missing up to now.
 */
import type { ParsedQuery } from '../../../lib/search-query.ts';
import type { StoreContext } from '../context.ts';
import { IS_SOUND } from '../ranges.ts';
import { scopeOf } from '../scope.ts';

/** What a search, or background reading of older history, is about. */
export interface ReachInput {
  /** Null: everything. */
  query: ParsedQuery | null;
  chatId: string | null;
  /** Spare chats with unread messages: on this server, fetching their history would count as reading them. */
  spareUnread: boolean;
  /** Chats to leave out of `next`. */
  aside: readonly string[];
  /** Chats with at least this many messages here are left out of `next`; null: none. */
  mostOfAChat: number | null;
}

/** The end of what is here of a chat: the server has older messages before this one. */
export interface OpenEnd {
  chatId: string;
  messageId: string;
}

export interface Reach {
  /** Number of chats in question, and of those from which nothing that is asked for can be missing. */
  chats: number;
  complete: number;
  /**
   * From this time on, in milliseconds since the epoch, no chat misses anything; null when all are complete, or when
   * one is missing entirely.
   */
  since: number | null;
  /** Incomplete chats that are spared because of their unread messages. */
  spared: number;
  /** Where the newest missing message belongs; null when nothing can be read now. */
  next: OpenEnd | null;
  /** Bytes in use by the database. */
  bytes: number;
}

type ChatReach = { id: string; empty: number; unread: number; at: number | null; tie: string | null; starts: number };

const CHATS = `SELECT c.id, c.empty, c.unread, r.from_at AS at, r.from_tie AS tie, coalesce(r.starts, c.empty) AS starts
  FROM chats c LEFT JOIN ranges r ON r.chat_id = c.id AND (r.from_at, r.from_tie) =
    (SELECT from_at, from_tie FROM ranges WHERE chat_id = c.id AND ${IS_SOUND} ORDER BY from_at DESC, from_tie DESC LIMIT 1)`;

/** Determines how far back the history reaches. */
export function reach(context: StoreContext, input: ReachInput): Reach {
  const after = input.query?.after ?? null;
  const all = chatsOf(context, input);
  const open = all
    .filter((chat) => chat.starts === 0 && (after === null || chat.at === null || chat.at > after))
    .sort((a, b) => (b.at ?? Infinity) - (a.at ?? Infinity));
  const isSpared = (chat: ChatReach): boolean => input.spareUnread && chat.unread > 0;
  const aside = new Set(input.aside);
  return {
    chats: all.length,
    complete: all.length - open.length,
    since: open[0]?.at ?? null,
    spared: open.filter(isSpared).length,
    next: firstEnd(
      context,
      open.filter((chat) => !isSpared(chat) && !aside.has(chat.id)),
      input.mostOfAChat,
    ),
    bytes: bytesOf(context),
  };
}

function chatsOf(context: StoreContext, { query, chatId }: ReachInput): ChatReach[] {
  const chats = query ? scopeOf(context, query, chatId).chats : chatId === null ? null : [chatId];
  if (chats === null) return context.sql.all<ChatReach>(CHATS);
  return context.sql.all<ChatReach>(
    `${CHATS} WHERE c.id IN (SELECT value FROM json_each(?))`,
    JSON.stringify([...new Set(chats)]),
  );
}

/** Newest first, so that the time from which everything is here moves back evenly over all chats. */
function firstEnd(context: StoreContext, open: readonly ChatReach[], mostOfAChat: number | null): OpenEnd | null {
  for (const chat of open) {
    // A chat that was never read has no message to continue from: its first read is up to the sync.
    if (chat.at === null || chat.tie === null) continue;
    if (mostOfAChat !== null && holdsSoMany(context, chat.id, mostOfAChat)) continue;
    const oldest = context.sql.get<{ id: string }>(
      'SELECT id FROM messages WHERE chat_id = ? AND at = ? AND tie = ? AND id IS NOT NULL',
      chat.id,
      chat.at,
      chat.tie,
    );
    if (oldest) return { chatId: chat.id, messageId: oldest.id };
  }
  return null;
}

function holdsSoMany(context: StoreContext, chatId: string, most: number): boolean {
  return (
    context.sql.get('SELECT 1 AS held FROM messages WHERE chat_id = ? LIMIT 1 OFFSET ?', chatId, most - 1) !== undefined
  );
}

function bytesOf(context: StoreContext): number {
  return (
    context.sql.get<{ bytes: number }>(
      `SELECT (page_count - freelist_count) * page_size AS bytes
       FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
    )?.bytes ?? 0
  );
}
