/** Stores what the server sends: the chat list, pages of history, and events in order. */
import type { Chat } from '#contract/api/chat.ts';
import type { Message } from '#contract/api/message.ts';
import { comparePositions, type MessagePosition } from '#contract/model/message-order.ts';
import { furtherStatus, type ServerStatus } from '#contract/model/send-state.ts';
import type { ServerFrameOf, SyncFrame } from '#contract/ws/server-frames.ts';
import { countOthers, ensureChat, moveReadMark, readMark, settleReadMark, upsertChat } from '../chat-rows.ts';
import { Changes, changing, eachAlone, inTransaction } from '../changes.ts';
import type { StoreContext } from '../context.ts';
import { noteState, placeOf, placesOf, rowById, senderOf, storeMessage, type Origin } from '../message-rows.ts';
import type { ChangeSet } from '../protocol.ts';
import { takeShortened } from '../shortened.ts';
import { newestRange, proveRange, rangeAt, type Range } from '../ranges.ts';
import { writeMeta } from '../meta.ts';

/** Events that change what is stored, and presence, which is only kept in memory. */
export type StoredFrame = SyncFrame | ServerFrameOf<'presence'>;

/** A chat whose newest messages are not here yet. */
export interface ChatToFill {
  chatId: string;
  /** False: none of its history was ever read. */
  known: boolean;
  /** The id of its last message, if the list had only part of it: it is fetched on its own before the others. */
  shortened?: string;
}

/** A place with the server's id of the message there. */
export type MessageCursor = MessagePosition & { id: string };

export interface HistoryInput {
  chatId: string;
  messages: Message[];
  /** Also part of the proven interval: the place that this page was asked to continue. */
  beside: MessagePosition | null;
  /** That place is older than the messages, and they continue it forwards. */
  isAfter?: boolean;
  /** Nothing precedes the oldest of them. */
  reachesStart: boolean;
  /** Only what was here before and changed is pushed to the page: the rest reaches it another way. */
  quietly: boolean;
  keepReactions: string[];
  now: number;
}

export interface HistoryStored {
  changes: ChangeSet;
  /** The ends of the interval to which these messages now belong. */
  oldest: MessageCursor | null;
  newest: MessageCursor | null;
  starts: boolean;
  /** They met an interval that had been proven before and reaches further back. */
  met: boolean;
  added: number;
}

const KEEP_EARLY = 1000;
/** Maximum number of people whose presence is remembered at once. */
const MOST_PRESENT = 20_000;
const NOTHING_KEPT: ReadonlySet<string> = new Set();

function later(a: MessagePosition, b: MessagePosition): MessagePosition {
  return comparePositions(a, b) >= 0 ? a : b;
}

/**
 * A new message at the live end extends the newest interval; anywhere else it is an interval of its own until more is
 * proven.
 */
function extendLive(context: StoreContext, chatId: string, place: MessagePosition, isNewChat: boolean): void {
  const newest = newestRange(context.sql, chatId);
  const empty = context.sql.get<{ empty: number }>('SELECT empty FROM chats WHERE id = ?', chatId)?.empty === 1;
  if (newest && comparePositions(place, newest.to) > 0) {
    proveRange(context.sql, chatId, { from: newest.to, to: place, starts: false });
    return;
  }
  if (newest && rangeAt(context.sql, chatId, place)) return;
  proveRange(context.sql, chatId, { from: place, to: place, starts: !newest && empty && !isNewChat });
}

function applyStatus(
  context: StoreContext,
  data: { messageId: string; chatId: string; status: ServerStatus; upTo?: boolean | null | undefined },
  now: number,
  changes: Changes,
): void {
  const lower = data.status === 'read' ? ['sent', 'delivered'] : data.status === 'delivered' ? ['sent'] : [];
  if (lower.length === 0) return;
  const states = JSON.stringify(lower);
  const known = rowById(context, data.messageId);
  if (!known) {
    const early = context.early.get(data.messageId);
    context.early.set(data.messageId, early ? furtherStatus(early, data.status) : data.status);
    if (context.early.size > KEEP_EARLY) {
      const [first] = context.early.keys();
      if (first !== undefined) context.early.delete(first);
    }
    return;
  }
  const rows = data.upTo
    ? context.sql.all<{ row: number }>(
        `SELECT m.row FROM messages m JOIN messages top ON top.id = ?
         WHERE m.chat_id = top.chat_id AND (m.at, m.tie) <= (top.at, top.tie) AND m.id IS NOT NULL AND m.mine = 1
           AND m.state IN ('sent', 'delivered') AND m.state IN (SELECT value FROM json_each(?))`,
        data.messageId,
        states,
      )
    : context.sql.all<{ row: number }>(
        'SELECT row FROM messages WHERE id = ? AND mine = 1 AND state IN (SELECT value FROM json_each(?))',
        data.messageId,
        states,
      );
  for (const { row } of rows) {
    context.sql.run('UPDATE messages SET state = ? WHERE row = ?', data.status, row);
    noteState(context, row, data.status, now);
  }
  // A page shows a window: pushing thousands of old ticks to it would only cost time.
  if (rows.length > 500) changes.stale(known.chat_id);
  else for (const { row } of rows) changes.message(known.chat_id, row);
}

function applyReaction(context: StoreContext, frame: StoredFrame, now: number, changes: Changes): void {
  if (frame.type !== 'reaction:new' && frame.type !== 'reaction:removed') return;
  const known = rowById(context, frame.data.messageId);
  if (!known) return;
  const changed =
    frame.type === 'reaction:new'
      ? context.sql.run(
          `INSERT INTO reactions (message_id, user_id, emoji, id, at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET id = coalesce(excluded.id, id)`,
          frame.data.messageId,
          frame.data.reaction.userId,
          frame.data.reaction.emoji,
          frame.data.reaction.id ?? null,
          now,
        )
      : context.sql.run(
          'DELETE FROM reactions WHERE message_id = ? AND id = ?',
          frame.data.messageId,
          frame.data.reactionId,
        );
  if (changed > 0) changes.message(known.chat_id, known.row);
}

function applyChatRead(
  context: StoreContext,
  data: { chatId: string; messageId: string; unreadCount: number },
  changes: Changes,
): void {
  const known = context.sql.get<{ at: number; tie: string }>(
    'SELECT at, tie FROM messages WHERE id = ?',
    data.messageId,
  );
  if (known) moveReadMark(context, data.chatId, known);
  else context.sql.run('UPDATE chats SET unread = ?, read_known = 0 WHERE id = ?', data.unreadCount, data.chatId);
  context.sql.run('UPDATE flags SET marked_unread = 0 WHERE chat_id = ?', data.chatId);
  changes.chat(data.chatId);
}

/**
 * Applies events in order, in one transaction, together with the number up to which they are complete.
 * @returns what changed, and the chats known only from these events: their people and history are not known.
 */
export function applyEvents(
  context: StoreContext,
  input: { frames: StoredFrame[]; seq: number | null; epoch: string | null; now: number },
): { changes: ChangeSet; unknownChats: string[]; arrived: number } {
  const unknownChats = new Set<string>();
  const origin: Origin = { now: input.now, fresh: true, keepReactions: NOTHING_KEPT };
  let arrived = 0;
  const changes = inTransaction(context, input.now, (changes) => {
    eachAlone(context, input.frames, (frame) => {
      switch (frame.type) {
        case 'message:new': {
          const place = placeOf(context, frame.data, input.now);
          const sender = senderOf(frame.data);
          const isNew = place !== null && sender !== null && ensureChat(context, frame.data.chatId, sender, place.at);
          if (isNew) unknownChats.add(frame.data.chatId);
          const stored = storeMessage(context, frame.data, origin, changes, place);
          if (stored === 'new') arrived += 1;
          if (place && stored !== 'malformed') extendLive(context, frame.data.chatId, place, isNew);
          break;
        }
        case 'message:status':
          applyStatus(context, frame.data, input.now, changes);
          break;
        case 'reaction:new':
        case 'reaction:removed':
          applyReaction(context, frame, input.now, changes);
          break;
        case 'chat:read':
          applyChatRead(context, frame.data, changes);
          break;
        case 'presence':
          if (context.presence.size < MOST_PRESENT || context.presence.has(frame.data.userId))
            context.presence.set(frame.data.userId, frame.data.online);
          break;
      }
    });
    if (input.seq !== null && input.epoch !== null) {
      writeMeta(context.sql, 'seq', String(input.seq));
      writeMeta(context.sql, 'epoch', input.epoch);
    }
  });
  return { changes, unknownChats: [...unknownChats], arrived };
}

/**
 * Stores the chat list.
 * @param input.quiet true: history can be fetched without marking it as read, so what is missing is fetched by itself,
 * and what the list calls empty is empty. False: what was missed waits for the user, and until then the server's count
 * applies.
 * @returns the chats whose last message was not here, most recent activity first.
 */
export function applyChats(
  context: StoreContext,
  input: { chats: Chat[]; justMade?: boolean; quiet?: boolean; now: number },
): { changes: ChangeSet; fill: ChatToFill[] } {
  const fill: ChatToFill[] = [];
  const origin: Origin = { now: input.now, fresh: false, keepReactions: NOTHING_KEPT };
  const changes = inTransaction(context, input.now, (changes) => {
    eachAlone(context, input.chats, (chat) => {
      const before = newestRange(context.sql, chat.id);
      const { isNew, wasStub, changed } = upsertChat(context, chat, input.now);
      // Just created by the server: there is nothing to read.
      if (isNew && input.justMade && !chat.lastMessage)
        context.sql.run('UPDATE chats SET empty = 1 WHERE id = ?', chat.id);
      // Each connection receives the whole list: what is the same as before costs the page nothing.
      if (changed) changes.chat(chat.id);
      const last = chat.lastMessage;
      if (!last) {
        // Nothing to read yet, so whatever comes is unread. It comes with an event or the next list: asking for it here
        // would mark it as read.
        if (last === null && !before) {
          settleReadMark(context, chat.id, true);
          if (input.quiet) context.sql.run('UPDATE chats SET empty = 1 WHERE id = ?', chat.id);
        }
        return;
      }
      const place = placeOf(context, last, input.now);
      if (!place || last.chatId !== chat.id) return;
      const wasHere = rangeAt(context.sql, chat.id, place) !== null;
      if (last.shortened && !takeShortened(context, last, origin, changes)) {
        fill.push({ chatId: chat.id, known: before !== null, shortened: last.id });
        return;
      }
      const stored = last.shortened ? 'same' : storeMessage(context, last, origin, changes, place);
      if (stored === 'malformed') return;
      // An event came from this chat before the list did: none of its history has been read.
      if (wasHere && wasStub) fill.push({ chatId: chat.id, known: false });
      if (wasHere) return;
      proveRange(context.sql, chat.id, { from: place, to: place, starts: false });
      if (input.quiet === false && before) adoptCount(context, chat);
      settleReadMark(context, chat.id, false);
      fill.push({ chatId: chat.id, known: before !== null });
    });
  });
  return { changes, fill };
}

/**
 * Messages were missed and stay unread at the server: its count is right, unless reads made here have not been reported
 * to it.
 */
function adoptCount(context: StoreContext, chat: Chat): void {
  if (typeof chat.unreadCount !== 'number') return;
  context.sql.run(
    'UPDATE chats SET unread = ?, read_known = 0 WHERE id = ? AND read_wanted IS read_reported',
    chat.unreadCount,
    chat.id,
  );
}

/** Adopts what other devices have read: the server's counts as of the chat list. Only lowers unread counts. */
export function adoptReads(
  context: StoreContext,
  input: { chats: { chatId: string; unread: number; lastId: string | null }[]; now: number },
): ChangeSet {
  return inTransaction(context, input.now, (changes) => {
    for (const { chatId, unread, lastId } of input.chats) {
      const last = lastId === null ? undefined : rowPlace(context, lastId);
      const mark = readMark(context, chatId);
      // Here the number is all that is known, and the server's is newer.
      if (!mark.known && unread < mark.unread) {
        context.sql.run('UPDATE chats SET unread = ? WHERE id = ?', unread, chatId);
        settleReadMark(context, chatId, false);
        changes.chat(chatId);
        continue;
      }
      if (!last || !mark.known) continue;
      const wanted = context.sql.get<{ open: number }>(
        'SELECT read_wanted IS NOT NULL AND read_wanted IS NOT read_reported AS open FROM chats WHERE id = ?',
        chatId,
      );
      const here = countOthers(context, chatId, mark.position, last);
      if (wanted?.open === 1 || unread >= here) continue;
      const readUpTo =
        unread === 0
          ? last
          : context.sql.get<{ at: number; tie: string }>(
              `SELECT at, tie FROM messages WHERE chat_id = ? AND (at, tie) <= (?, ?) AND mine = 0
               ORDER BY at DESC, tie DESC LIMIT 1 OFFSET ?`,
              chatId,
              last.at,
              last.tie,
              unread,
            );
      if (readUpTo && moveReadMark(context, chatId, readUpTo)) changes.chat(chatId);
    }
  });
}

function rowPlace(context: StoreContext, id: string): MessagePosition | undefined {
  return context.sql.get<{ at: number; tie: string }>('SELECT at, tie FROM messages WHERE id = ?', id);
}

function messageCursor(context: StoreContext, chatId: string, place: MessagePosition): MessageCursor | null {
  const row = context.sql.get<{ id: string }>(
    'SELECT id FROM messages WHERE chat_id = ? AND at = ? AND tie = ? AND id IS NOT NULL',
    chatId,
    place.at,
    place.tie,
  );
  return row ? { ...place, id: row.id } : null;
}

/** Stores a page of history: neighbours with nothing between them. */
export function applyHistory(context: StoreContext, input: HistoryInput): HistoryStored {
  const origin: Origin = { now: input.now, fresh: false, keepReactions: new Set(input.keepReactions) };
  const { result, changes } = changing(context, input.now, (changes) => {
    let result: Omit<HistoryStored, 'changes'> = { oldest: null, newest: null, starts: false, met: false, added: 0 };
    let added = 0;
    let span: Range | null = null;
    const include = (place: MessagePosition): void => {
      span = span
        ? { from: comparePositions(place, span.from) < 0 ? place : span.from, to: later(place, span.to), starts: false }
        : { from: place, to: place, starts: false };
    };
    if (input.beside) include(input.beside);
    const quiet = new Changes();
    const places = placesOf(context, input.messages, { ...input, isAfter: input.isAfter === true });
    eachAlone(context, [...input.messages.entries()], ([n, message]) => {
      if (message.chatId !== input.chatId) return;
      const isKnown = rowById(context, message.id) !== undefined;
      const stored = storeMessage(
        context,
        message,
        origin,
        input.quietly && !isKnown ? quiet : changes,
        places[n] ?? null,
      );
      if (stored === 'malformed') return;
      if (stored === 'new') added += 1;
      // A message of this device may have got its place another way.
      const place = rowPlace(context, message.id);
      if (place) include(place);
    });
    changes.chat(input.chatId);
    const proven: Range | null = span;
    if (proven) result = prove(context, input, proven, added);
    else if (input.reachesStart && !newestRange(context.sql, input.chatId)) {
      context.sql.run('UPDATE chats SET empty = 1 WHERE id = ?', input.chatId);
      result = { ...result, starts: true };
    }
    settleReadMark(context, input.chatId, result.starts);
    return result;
  });
  return { changes, ...result };
}

function prove(context: StoreContext, input: HistoryInput, span: Range, added: number): Omit<HistoryStored, 'changes'> {
  const { joined, absorbed } = proveRange(context.sql, input.chatId, { ...span, starts: input.reachesStart });
  return {
    oldest: messageCursor(context, input.chatId, joined.from),
    newest: messageCursor(context, input.chatId, joined.to),
    starts: joined.starts,
    met: absorbed.some(
      (range) => comparePositions(range.to, span.to) < 0 || comparePositions(range.from, span.from) < 0,
    ),
    added,
  };
}
