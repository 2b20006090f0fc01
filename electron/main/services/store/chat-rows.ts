/** The chats' own rows: created, updated from the server, and kept in step with their messages. */
import type { Chat } from '#contract/api/chat.ts';
import {
  comparePositions,
  isPlausibleTime,
  PENDING_BASE,
  type MessagePosition,
} from '#contract/model/message-order.ts';
import type { StoreContext } from './context.ts';
import { upsertPerson } from './people.ts';
import { readPreview, type Preview } from './previews.ts';
import { BEFORE_ALL, millis } from './place.ts';
import { newestRange } from './ranges.ts';

/**
 * Creates or completes a chat's row from the server's data. `changed`: the row or one of its people is different now.
 */
export function upsertChat(
  context: StoreContext,
  chat: Chat,
  now: number,
): { isNew: boolean; wasStub: boolean; changed: boolean } {
  let changed = false;
  for (const user of chat.participants) changed = upsertPerson(context, user) || changed;
  const known = context.sql.get<{ stub: number; created_at: number }>(
    'SELECT stub, created_at FROM chats WHERE id = ?',
    chat.id,
  );
  const participants = JSON.stringify(chat.participants.map((user) => user.id));
  const stated = millis(chat.createdAt, millis(chat.updatedAt, now));
  // A chat dated years ahead would stay at the top of the list forever.
  const created = isPlausibleTime(stated, now + context.clock.ahead) ? stated : (known?.created_at ?? now);
  if (!known) {
    context.sql.run(
      'INSERT INTO chats (id, participants, created_at, activity_at, unread) VALUES (?, ?, ?, ?, ?)',
      chat.id,
      participants,
      created,
      created,
      chat.unreadCount ?? 0,
    );
    return { isNew: true, wasStub: false, changed: true };
  }
  const rows = context.sql.run(
    'UPDATE chats SET participants = ?, created_at = ?, stub = 0 WHERE id = ? AND (participants <> ? OR created_at <> ? OR stub <> 0)',
    participants,
    created,
    chat.id,
    participants,
    created,
  );
  return { isNew: false, wasStub: known.stub === 1, changed: changed || rows > 0 };
}

/** Creates a row for a chat that is known only from a message; true when it was not known. */
export function ensureChat(context: StoreContext, chatId: string, senderId: string, time: number): boolean {
  const people = JSON.stringify(senderId === context.me ? [context.me] : [context.me, senderId]);
  return (
    context.sql.run(
      'INSERT OR IGNORE INTO chats (id, participants, created_at, activity_at, stub) VALUES (?, ?, ?, ?, 1)',
      chatId,
      people,
      Math.floor(time),
      Math.floor(time),
    ) > 0
  );
}

/** Updates a chat's last message and time of activity. */
export function refreshChat(context: StoreContext, chatId: string): void {
  type Last = { row: number; at: number; created_at: number };
  const newest = (condition: string): Last | undefined =>
    context.sql.get<Last>(
      `SELECT row, at, created_at FROM messages WHERE chat_id = ? AND ${condition} ORDER BY at DESC, tie DESC LIMIT 1`,
      chatId,
    );
  const stored = newest(`at < ${PENDING_BASE}`);
  const pending = newest(`at >= ${PENDING_BASE}`);
  // What failed long ago is last in the conversation, but it is not the chat's latest news.
  const last = pending && (!stored || pending.created_at >= stored.at) ? pending : stored;
  const preview = previewOf(context, chatId);
  context.sql.run(
    `UPDATE chats SET last_row = ?, activity_at = max(created_at, ?) WHERE id = ?`,
    last?.row ?? null,
    Math.floor(Math.max((last === pending ? last?.created_at : last?.at) ?? 0, preview?.at ?? 0)),
    chatId,
  );
}

/** The list's preview of a last message that is not here; dropped when the message arrives. */
function previewOf(context: StoreContext, chatId: string): Preview | null {
  const row = context.sql.get<{ preview: string | null }>('SELECT preview FROM chats WHERE id = ?', chatId);
  const preview = readPreview(row?.preview ?? null);
  if (!preview) return null;
  if (!context.sql.get('SELECT 1 FROM messages WHERE id = ?', preview.id)) return preview;
  context.sql.run('UPDATE chats SET preview = NULL WHERE id = ?', chatId);
  return null;
}

/** How far a chat has been read. */
export interface ReadMark {
  known: boolean;
  position: MessagePosition;
  unread: number;
}

/** The stored read mark of a chat. */
export function readMark(context: StoreContext, chatId: string): ReadMark {
  const row = context.sql.get<{ read_known: number; read_at: number; read_tie: string; unread: number }>(
    'SELECT read_known, read_at, read_tie, unread FROM chats WHERE id = ?',
    chatId,
  );
  if (!row) return { known: false, position: BEFORE_ALL, unread: 0 };
  return { known: row.read_known === 1, position: { at: row.read_at, tie: row.read_tie }, unread: row.unread };
}

/** Number of messages by others after a position, up to another one if given. */
export function countOthers(
  context: StoreContext,
  chatId: string,
  after: MessagePosition,
  upTo?: MessagePosition,
): number {
  const end = upTo ?? { at: PENDING_BASE, tie: '' };
  return (
    context.sql.get<{ n: number }>(
      `SELECT count(*) AS n FROM messages WHERE chat_id = ? AND (at, tie) > (?, ?) AND (at, tie) <= (?, ?) AND mine = 0`,
      chatId,
      after.at,
      after.tie,
      end.at,
      end.tie,
    )?.n ?? 0
  );
}

/** Moves the read mark forward, never back, and recounts; true when something changed. */
export function moveReadMark(context: StoreContext, chatId: string, position: MessagePosition): boolean {
  const mark = readMark(context, chatId);
  if (mark.known && comparePositions(position, mark.position) <= 0) return false;
  const unread = countOthers(context, chatId, position);
  // Where older history is not known here, the server's count can only have decreased.
  context.sql.run(
    'UPDATE chats SET read_known = 1, read_at = ?, read_tie = ?, unread = ? WHERE id = ?',
    position.at,
    position.tie,
    unread,
    chatId,
  );
  return true;
}

/**
 * Derives the read mark from the number of unread messages, once enough of the history is here without a gap. Until
 * then the number itself is kept.
 */
export function settleReadMark(context: StoreContext, chatId: string, reachesStart: boolean): void {
  const mark = readMark(context, chatId);
  if (mark.known) return;
  type Place = { at: number; tie: string };
  const set = (place: Place): void => {
    context.sql.run(
      'UPDATE chats SET read_known = 1, read_at = ?, read_tie = ? WHERE id = ?',
      place.at,
      place.tie,
      chatId,
    );
  };
  // Nothing is counted beyond a gap: it is unknown how many of the unread messages are in it.
  const newest = newestRange(context.sql, chatId);
  const whole = newest?.from ?? BEFORE_ALL;
  const newestBefore = (before: Place, from: Place): Place | undefined =>
    context.sql.get<Place>(
      `SELECT at, tie FROM messages WHERE chat_id = ? AND (at, tie) < (?, ?) AND (at, tie) >= (?, ?)
       ORDER BY at DESC, tie DESC LIMIT 1`,
      chatId,
      before.at,
      before.tie,
      from.at,
      from.tie,
    );
  if (mark.unread <= 0) {
    set(newestBefore({ at: PENDING_BASE, tie: '' }, BEFORE_ALL) ?? BEFORE_ALL);
    return;
  }
  const firstUnread = context.sql.get<Place>(
    `SELECT at, tie FROM messages WHERE chat_id = ? AND at < ${PENDING_BASE} AND (at, tie) >= (?, ?) AND mine = 0
     ORDER BY at DESC, tie DESC LIMIT 1 OFFSET ?`,
    chatId,
    whole.at,
    whole.tie,
    mark.unread - 1,
  );
  if (!firstUnread) return;
  const before = newestBefore(firstUnread, whole);
  if (before) set(before);
  else if (newest?.starts ?? reachesStart) set(BEFORE_ALL);
}
