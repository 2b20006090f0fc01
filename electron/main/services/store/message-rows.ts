/**
 * How a message of the server becomes a row: new, already known, or the answer to what this device wrote. Merged by the
 * server's id, then by the key that this device gave it, then, for an unanswered send, by its content.
 */
import type { Message } from '#contract/api/message.ts';
import {
  CLOCK_TOLERANCE_MS,
  comparePositions,
  isPlausibleTime,
  PENDING_BASE,
  storedPosition,
  type MessagePosition,
} from '#contract/model/message-order.ts';
import {
  furtherStatus,
  isServerStatus,
  nextSendState,
  type SendState,
  type ServerStatus,
} from '#contract/model/send-state.ts';
import type { Changes } from './changes.ts';
import type { StoreContext } from './context.ts';
import { noteKinds, storeContent, storeFiles, takeFiles } from './file-rows.ts';
import { indexMessage, kindsOf, unindexMessage } from './index-rows.ts';
import { endUploads } from './upload-ends.ts';
import { bindCandidate, markDouble, markEarlierDouble } from './matching.ts';
import { upsertPerson } from './people.ts';
import { besides, freeRow, millis } from './place.ts';
import { sendState } from './views.ts';

/** How a message arrived. */
export interface Origin {
  now: number;
  /** It has just happened: it counts as unread even if the read mark is not known. */
  fresh: boolean;
  /** Messages whose reactions changed while this answer was in flight: the stored ones are newer than the answer's. */
  keepReactions: ReadonlySet<string>;
}

type MessageRow = {
  row: number;
  key: string;
  id: string | null;
  local_id: string | null;
  chat_id: string;
  sender_id: string;
  content: string;
  state: string | null;
  created_at: number;
};

const COLUMNS = 'row, key, id, local_id, chat_id, sender_id, content, state, created_at';

/**
 * Where a message is placed, or null when it lacks what a place or an author needs. A stored message keeps its place;
 * one whose time cannot be true comes after all that is known of its chat.
 */
export function placeOf(context: StoreContext, message: Message, now: number): MessagePosition | null {
  const sure = surePlace(context, message, now);
  if (sure !== 'unsure') return sure;
  const newest = context.sql.get<{ at: number | null }>(
    `SELECT max(at) AS at FROM messages WHERE chat_id = ? AND at < ${PENDING_BASE}`,
    message.chatId,
  );
  return besides(newest?.at ?? now + context.clock.ahead - CLOCK_TOLERANCE_MS, message.id, 'after');
}

function surePlace(context: StoreContext, message: Message, now: number): MessagePosition | null | 'unsure' {
  const time = Date.parse(message.createdAt);
  if (!Number.isFinite(time) || senderOf(message) === null) return null;
  const known = context.sql.get<{ at: number; tie: string }>('SELECT at, tie FROM messages WHERE id = ?', message.id);
  if (known) return known;
  return isPlausibleTime(time, now + context.clock.ahead) ? storedPosition(time, message.id) : 'unsure';
}

/**
 * The places of neighbours in the server's history, given newest first: a message without a true time comes after its
 * older neighbour, or before the newer one. `beside` is the place that they continue, on the side that `isAfter` says.
 */
export function placesOf(
  context: StoreContext,
  messages: readonly Message[],
  how: { now: number; beside: MessagePosition | null; isAfter: boolean },
): (MessagePosition | null)[] {
  const places = messages.map((message) => surePlace(context, message, how.now));
  let older = how.isAfter ? how.beside : null;
  let newer = how.isAfter ? null : how.beside;
  for (const [n, message] of [...messages.entries()].reverse()) {
    if (places[n] === 'unsure' && older) places[n] = besides(older.at, message.id, 'after');
    const place = places[n];
    if (place && place !== 'unsure') older = place;
  }
  // What is left belongs at the old end of the page.
  return messages.map((message, n) => {
    let place = places[n] ?? null;
    if (place === 'unsure')
      place = newer ? besides(newer.at, message.id, 'before') : placeOf(context, message, how.now);
    newer = place ?? newer;
    return place;
  });
}

/** The id of a message's author, or null. */
export function senderOf(message: {
  sender?: { id: string } | null | undefined;
  senderId?: string | null | undefined;
}): string | null {
  return message.sender?.id ?? message.senderId ?? null;
}

/** The row of a message by the server's id. */
export function rowById(context: StoreContext, id: string): MessageRow | undefined {
  return context.sql.get<MessageRow>(`SELECT ${COLUMNS} FROM messages WHERE id = ?`, id);
}

/** Records when a state was reached. */
export function noteState(context: StoreContext, row: number, state: SendState, at: number): void {
  // Recurring states keep their latest time, the server's statuses their first.
  const sql = isServerStatus(state)
    ? 'INSERT OR IGNORE INTO state_times (row, state, at) VALUES (?, ?, ?)'
    : 'INSERT OR REPLACE INTO state_times (row, state, at) VALUES (?, ?, ?)';
  context.sql.run(sql, row, state, at);
}

function storeReactions(context: StoreContext, message: Message, origin: Origin): boolean {
  if (!message.reactions || origin.keepReactions.has(message.id)) return false;
  const known = context.sql.all<{ user_id: string; emoji: string; id: string | null }>(
    'SELECT user_id, emoji, id FROM reactions WHERE message_id = ?',
    message.id,
  );
  const name = (reaction: { user_id: string; emoji: string; id: string | null }): string =>
    `${reaction.user_id}\n${reaction.emoji}\n${reaction.id}`;
  const incoming = new Set(
    message.reactions.map((reaction) => name({ user_id: reaction.userId, emoji: reaction.emoji, id: reaction.id })),
  );
  if (known.length === incoming.size && known.every((reaction) => incoming.has(name(reaction)))) return false;
  context.sql.run('DELETE FROM reactions WHERE message_id = ?', message.id);
  message.reactions.forEach((reaction, index) => {
    context.sql.run(
      'INSERT OR IGNORE INTO reactions (message_id, user_id, emoji, id, at) VALUES (?, ?, ?, ?, ?)',
      message.id,
      reaction.userId,
      reaction.emoji,
      reaction.id,
      millis(reaction.createdAt, origin.now + index),
    );
  });
  return true;
}

function statusOf(context: StoreContext, message: Message): ServerStatus {
  const status = message.status ?? 'sent';
  const early = context.early.get(message.id);
  if (early) context.early.delete(message.id);
  return early ? furtherStatus(status, early) : status;
}

function insertMessage(
  context: StoreContext,
  message: Message,
  senderId: string,
  place: MessagePosition,
  origin: Origin,
): number {
  const mine = senderId === context.me;
  const row = freeRow(context.sql, place.at);
  const types = (message.attachments ?? []).map((file) => file.mimeType);
  const kinds = kindsOf(message.content, types);
  const state = mine ? statusOf(context, message) : null;
  context.sql.run(
    `INSERT INTO messages (row, key, id, chat_id, at, tie, sender_id, mine, content, created_at, reply_to, quote_sender,
       quote_text, files, kinds, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row,
    message.id,
    message.id,
    message.chatId,
    place.at,
    place.tie,
    senderId,
    Number(mine),
    message.content,
    millis(message.createdAt, place.at),
    message.replyTo?.id ?? message.replyToId ?? null,
    message.replyTo ? senderOf(message.replyTo) : null,
    message.replyTo?.content ?? null,
    types.length,
    kinds,
    state,
  );
  if (message.attachments && types.length > 0) storeFiles(context, row, message.attachments);
  indexMessage(context, { row, content: message.content, chatId: message.chatId, senderId, kinds });
  noteKinds(context, message.chatId, kinds);
  storeReactions(context, message, origin);
  if (state) noteState(context, row, state, origin.now);
  return row;
}

function updateMessage(context: StoreContext, known: MessageRow, message: Message, origin: Origin): boolean {
  let changed = storeReactions(context, message, origin);
  if (known.sender_id === context.me) {
    const state = sendState(known.state) ?? 'sent';
    const next = nextSendState(state, { type: 'stored', status: statusOf(context, message) });
    if (next !== state) {
      context.sql.run('UPDATE messages SET state = ?, problem = NULL, undecided = 0 WHERE row = ?', next, known.row);
      noteState(context, known.row, next, origin.now);
      changed = true;
    }
  }
  const hasNewFiles = takeFiles(context, known.row, message);
  if (hasNewFiles || known.content !== message.content) {
    storeContent(context, known, message.content);
    changed = true;
  }
  return changed;
}

/**
 * Binds what this device wrote to the server's message, which gives it its final place. If the message already had a
 * row (its echo came first), that row is merged into it.
 */
export function bindMessage(
  context: StoreContext,
  localId: string,
  message: Message,
  origin: Origin,
  changes: Changes,
): void {
  const place = placeOf(context, message, origin.now);
  const own = context.sql.get<MessageRow>(`SELECT ${COLUMNS} FROM messages WHERE local_id = ?`, localId);
  if (!own || !place) return;
  if (own.id === message.id) {
    if (updateMessage(context, own, message, origin)) changes.message(own.chat_id, own.row);
    return;
  }
  const echo = rowById(context, message.id);
  let state: SendState = sendState(own.state) ?? 'queued';
  let hasNewFiles = false;
  if (own.id !== null) {
    // It already has its message: another one for it is the same send stored twice.
    storeMessage(context, message, origin, changes);
    return;
  }
  if (echo) {
    const reached = sendState(echo.state);
    if (reached && isServerStatus(reached)) state = nextSendState(state, { type: 'stored', status: reached });
    hasNewFiles = context.sql.run('UPDATE OR IGNORE attachments SET row = ? WHERE row = ?', own.row, echo.row) > 0;
    removeRow(context, echo.row);
    changes.removed(echo.chat_id, echo.key);
  }
  state = nextSendState(state, { type: 'stored', status: statusOf(context, message) });
  context.sql.run(
    `UPDATE messages SET id = ?, at = ?, tie = ?, created_at = ?, state = ?, problem = NULL, undecided = 0,
       quote_sender = ?, quote_text = ? WHERE row = ?`,
    message.id,
    place.at,
    place.tie,
    millis(message.createdAt, place.at),
    state,
    message.replyTo ? senderOf(message.replyTo) : null,
    message.replyTo?.content ?? null,
    own.row,
  );
  hasNewFiles = endUploads(context, { localId, row: own.row, message }, changes) || hasNewFiles;
  hasNewFiles = takeFiles(context, own.row, message) || hasNewFiles;
  if (hasNewFiles) storeContent(context, own, own.content);
  context.sql.run('UPDATE outbox SET state = ?, server_id = ? WHERE local_id = ?', state, message.id, localId);
  context.journal.push({ kind: 'ended', localId, serverId: message.id });
  noteState(context, own.row, state, origin.now);
  storeReactions(context, message, origin);
  changes.message(own.chat_id, own.row);
  markEarlierDouble(context, localId, message.id, own.row, changes);
}

/** Deletes a row and everything attached to it. Reactions are attached to the server's id and stay. */
export function removeRow(context: StoreContext, row: number): void {
  context.sql.run('DELETE FROM attachments WHERE row = ?', row);
  context.sql.run('DELETE FROM state_times WHERE row = ?', row);
  context.sql.run('DELETE FROM messages WHERE row = ?', row);
  unindexMessage(context, row);
}

/** What happened to a message when it was stored. */
export type Stored = 'new' | 'bound' | 'changed' | 'same' | 'malformed';

/**
 * Stores one message of the server. Never creates a second row for it, however and however often it arrives.
 * @param place where it goes, if it is new here.
 * @returns `malformed` when it has no author or no time, or is known from another chat: it is dropped and logged.
 */
export function storeMessage(
  context: StoreContext,
  message: Message,
  origin: Origin,
  changes: Changes,
  place = placeOf(context, message, origin.now),
): Stored {
  const senderId = senderOf(message);
  if (!place || senderId === null) {
    context.log('warn', 'store.message_dropped', {
      messageId: message.id,
      reason: senderId === null ? 'no_sender' : 'no_time',
    });
    return 'malformed';
  }
  if (message.sender) upsertPerson(context, message.sender);
  if (message.replyTo?.sender) upsertPerson(context, message.replyTo.sender);
  const known = rowById(context, message.id);
  if (known) {
    if (known.chat_id !== message.chatId) {
      context.log('warn', 'store.message_dropped', { messageId: message.id, reason: 'other_chat' });
      return 'malformed';
    }
    const changed = updateMessage(context, known, message, origin);
    if (changed) changes.message(known.chat_id, known.row);
    return changed ? 'changed' : 'same';
  }
  if (senderId === context.me) {
    const localId = bindCandidate(context, message, place);
    if (localId !== null) {
      bindMessage(context, localId, message, origin, changes);
      return 'bound';
    }
  }
  const row = insertMessage(context, message, senderId, place, origin);
  changes.message(message.chatId, row);
  if (senderId === context.me) markDouble(context, message, place, row, changes);
  else countUnread(context, message.chatId, place, origin);
  return 'new';
}

/** True when a later message of the chat by someone else is already here. */
function isBehindOthers(context: StoreContext, chatId: string, place: MessagePosition): boolean {
  const later = context.sql.get(
    'SELECT 1 AS found FROM messages WHERE chat_id = ? AND (at, tie) > (?, ?) AND mine = 0 LIMIT 1',
    chatId,
    place.at,
    place.tie,
  );
  return later !== undefined;
}

function countUnread(context: StoreContext, chatId: string, place: MessagePosition, origin: Origin): void {
  const mark = context.sql.get<{ read_known: number; read_at: number; read_tie: string }>(
    'SELECT read_known, read_at, read_tie FROM chats WHERE id = ?',
    chatId,
  );
  if (!mark) return;
  const after = comparePositions(place, { at: mark.read_at, tie: mark.read_tie }) > 0;
  // If the read mark is not known, the server's count covers everything but what happens now; an event that waited
  // while the chat list was read is older than the list's last message.
  if (mark.read_known === 1 ? after : origin.fresh && !isBehindOthers(context, chatId, place))
    context.sql.run('UPDATE chats SET unread = unread + 1 WHERE id = ?', chatId);
}
