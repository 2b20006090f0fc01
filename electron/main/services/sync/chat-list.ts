/**
 * The chat list, read from the server piece by piece: page after page if the server has pages, else as the single
 * answer arrives. It terminates whatever the server says: each page must have chats that were not listed before.
 */
import type { Chat } from '#contract/api/chat.ts';
import type { ErrorCode } from '#contract/model/errors.ts';
import { LIMITS } from '#contract/model/limits.ts';
import type { RouteAnswer } from '#contract/routes.ts';
import type { AccountContext, ApiOutcome } from '../ports.ts';
import type { ChatToFill } from '../store/ops/event-operations.ts';

/** Maximum number of chats of an account; more are not read. */
const MOST_CHATS = 100_000;
/** Chats passed to the store at once: more would block main on their way there and back. */
const CHATS_AT_ONCE = 100;

/** The server's own unread count of a chat, as of the list. */
interface ChatCount {
  chatId: string;
  unread: number;
  lastId: string | null;
}

export interface ListRead {
  kind: 'read';
  /** Number of chats listed. */
  chats: number;
  counts: ChatCount[];
  fill: ChatToFill[];
  /** Why the list did not arrive whole; null if it did. */
  cut: 'size' | 'number' | 'cursor' | null;
}

type Failed = { kind: 'failed'; code: ErrorCode; retryAfterMs: number | undefined };

/** Reads the list. @param store stores some chats, and returns those that must be filled. */
export async function readChatList(
  context: AccountContext,
  store: (chats: Chat[]) => Promise<ChatToFill[]>,
): Promise<ListRead | Failed> {
  const listed = new Set<string>();
  const cursors = new Set<string>();
  const read: ListRead = { kind: 'read', chats: 0, counts: [], fill: [], cut: null };
  const take = async (chats: Chat[]): Promise<void> => {
    for (let from = 0; from < chats.length; from += CHATS_AT_ONCE) {
      const piece = chats.slice(from, from + CHATS_AT_ONCE);
      read.fill.push(...(await store(piece)));
      for (const { id, unreadCount, lastMessage } of piece) {
        if (typeof unreadCount === 'number' && !listed.has(id))
          read.counts.push({ chatId: id, unread: unreadCount, lastId: lastMessage?.id ?? null });
        listed.add(id);
      }
    }
  };

  const isPaged = context.has('chat-pages');
  let cursor: string | null = null;
  for (;;) {
    const before = listed.size;
    const query: { limit?: number; cursor?: string } = isPaged
      ? { limit: LIMITS.chatPage.max, ...(cursor === null ? {} : { cursor }) }
      : {};
    const answer: ApiOutcome<RouteAnswer<'chats'>> = await context.api.call('chats', { query }, { take });
    if (!answer.ok) return { kind: 'failed', code: answer.error.code, retryAfterMs: answer.error.retryAfterMs };
    await take(answer.value.chats);
    read.chats = listed.size;
    if (answer.cut) read.cut ??= 'size';
    const next: string | null = answer.value.next ?? null;
    if (!isPaged || next === null) return read;
    const isStuck = cursors.has(next) || listed.size === before || !/^[A-Za-z0-9_-]{1,128}$/.test(next);
    if (isStuck || listed.size >= MOST_CHATS) return { ...read, cut: isStuck ? 'cursor' : 'number' };
    cursors.add(next);
    cursor = next;
  }
}
