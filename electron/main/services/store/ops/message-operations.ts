/** Single messages: reactions, forwarding, facts to remember. */
import type { Message } from '#contract/api/message.ts';
import { inTransaction } from '../changes.ts';
import type { StoreContext } from '../context.ts';
import { rowById, storeMessage } from '../message-rows.ts';
import { ensureChat } from '../chat-rows.ts';
import { readMeta, writeMeta } from '../meta.ts';
import type { ChangeSet } from '../protocol.ts';

/** Stores the user's own reaction as the server answered it. */
export function addReaction(
  context: StoreContext,
  input: { messageId: string; emoji: string; id: string; now: number },
): ChangeSet {
  return inTransaction(context, input.now, (changes) => {
    const known = rowById(context, input.messageId);
    if (!known) return;
    context.sql.run(
      `INSERT INTO reactions (message_id, user_id, emoji, id, at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET id = excluded.id`,
      input.messageId,
      context.me,
      input.emoji,
      input.id,
      input.now,
    );
    changes.message(known.chat_id, known.row);
  });
}

/** Removes the user's own reaction. */
export function dropReaction(
  context: StoreContext,
  input: { messageId: string; emoji: string; now: number },
): ChangeSet {
  return inTransaction(context, input.now, (changes) => {
    const known = rowById(context, input.messageId);
    const dropped = context.sql.run(
      'DELETE FROM reactions WHERE message_id = ? AND user_id = ? AND emoji = ?',
      input.messageId,
      context.me,
      input.emoji,
    );
    if (known && dropped > 0) changes.message(known.chat_id, known.row);
  });
}

/** The user's own reaction: null when there is none, with a null `id` when only its emoji is known. */
export function ownReaction(
  context: StoreContext,
  input: { messageId: string; emoji: string },
): { id: string | null } | null {
  return (
    context.sql.get<{ id: string | null }>(
      'SELECT id FROM reactions WHERE message_id = ? AND user_id = ? AND emoji = ?',
      input.messageId,
      context.me,
      input.emoji,
    ) ?? null
  );
}

/** Stores one message that was fetched by its id; nothing around it is proven. */
export function storeOne(context: StoreContext, input: { message: Message; now: number }): ChangeSet {
  return inTransaction(context, input.now, (changes) => {
    ensureChat(
      context,
      input.message.chatId,
      input.message.sender?.id ?? input.message.senderId ?? context.me,
      input.now,
    );
    storeMessage(context, input.message, { now: input.now, fresh: false, keepReactions: new Set() }, changes);
  });
}

/** What is forwarded of messages, in the order of the conversation. */
export function forwardSources(
  context: StoreContext,
  input: { messageIds: string[] },
): { text: string; files: string[] }[] {
  return context.sql
    .all<{ row: number; content: string }>(
      'SELECT row, content FROM messages WHERE id IN (SELECT value FROM json_each(?)) ORDER BY at, tie',
      JSON.stringify(input.messageIds),
    )
    .map(({ row, content }) => ({
      text: content,
      files: context.sql
        .all<{ id: string }>('SELECT id FROM attachments WHERE row = ? ORDER BY n', row)
        .map((file) => file.id),
    }));
}

/** A file as its message names it. */
export interface KnownFile {
  name: string;
  mimeType: string;
  /** In bytes. */
  size: number;
}

/** What is known of a file of any message, or of the library; null when there is none of that id. */
export function knownFile(context: StoreContext, input: { id: string }): KnownFile | null {
  const found = context.sql.get<{ name: string; mime_type: string; size: number }>(
    `SELECT name, mime_type, size FROM attachments WHERE id = ?
     UNION ALL SELECT title, mime_type, size FROM tracks WHERE id = ? LIMIT 1`,
    input.id,
    input.id,
  );
  return found ? { name: found.name, mimeType: found.mime_type, size: found.size } : null;
}

/** The chat of a message; null when the message is not here. */
export function messageChat(context: StoreContext, input: { messageId: string }): string | null {
  return (
    context.sql.get<{ chat_id: string }>('SELECT chat_id FROM messages WHERE id = ?', input.messageId)?.chat_id ?? null
  );
}

/**
 * Sets how far the server's clock is ahead of ours, in milliseconds: what is dated past its present has a false time.
 */
export function setServerClock(context: StoreContext, input: { ahead: number }): null {
  context.clock.ahead = input.ahead;
  return null;
}

/** The number up to which events are complete, and the server's epoch that it belongs to. */
export function syncPoint(context: StoreContext, _input: Record<never, never>): { seq: number; epoch: string } | null {
  const seq = readMeta(context.sql, 'seq');
  const epoch = readMeta(context.sql, 'epoch');
  return seq !== null && epoch !== null && /^\d+$/.test(seq) ? { seq: Number(seq), epoch } : null;
}

/** Everything up to this number is stored: events continue from here. */
export function setSyncPoint(context: StoreContext, input: { seq: number; epoch: string }): null {
  context.sql.transaction(() => {
    writeMeta(context.sql, 'seq', String(input.seq));
    writeMeta(context.sql, 'epoch', input.epoch);
  });
  return null;
}

/** Once the connection is gone, it is unknown who is online. */
export function forgetPresence(context: StoreContext, _input: Record<never, never>): null {
  context.presence.clear();
  return null;
}

/** The emojis that the server last allowed. */
export function emojis(context: StoreContext, input: { set: string[] | null }): string[] | null {
  if (input.set) {
    writeMeta(context.sql, 'emojis', JSON.stringify(input.set));
    return input.set;
  }
  try {
    const known: unknown = JSON.parse(readMeta(context.sql, 'emojis') ?? 'null');
    return Array.isArray(known) ? known.filter((item) => typeof item === 'string') : null;
  } catch (error) {
    context.log('warn', 'store.emojis_unreadable', { reason: error instanceof Error ? error.name : 'unknown' });
    return null;
  }
}
