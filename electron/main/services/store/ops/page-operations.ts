/**
 * Pages of a conversation, from what is stored. An end that is not proven is a gap: two ends are never joined silently.
 */
import type { PageAnchor } from '#contract/ipc/schemas.ts';
import type { MessagePage, PageEdge } from '#contract/ipc/views.ts';
import { comparePositions, PENDING_BASE, type MessagePosition } from '#contract/model/message-order.ts';
import { readMark } from '../chat-rows.ts';
import type { StoreContext } from '../context.ts';
import { AFTER_STORED, BEFORE_ALL } from '../place.ts';
import { inRange, newestRange, rangeAt, type Range } from '../ranges.ts';
import { messageViews } from '../views.ts';
import type { MessageCursor } from './event-operations.ts';

type Place = { row: number; at: number; tie: string };

/** What can be shown in one piece: an interval, and at the live end also what is pending. */
interface Segment {
  from: MessagePosition;
  to: MessagePosition;
  older: PageEdge;
  newer: PageEdge;
}

const END: MessagePosition = { at: Number.MAX_SAFE_INTEGER, tie: '' };

function segmentOf(range: Range, newest: Range): Segment {
  const isNewest = comparePositions(range.to, newest.to) === 0;
  return {
    from: range.from,
    to: isNewest ? END : range.to,
    older: range.starts ? 'end' : 'gap',
    newer: isNewest ? 'end' : 'gap',
  };
}

/** The segment around a place; without any interval everything belongs to the live end. */
function segmentAt(context: StoreContext, chatId: string, place: MessagePosition): Segment {
  const newest = newestRange(context.sql, chatId);
  if (!newest) {
    const empty = context.sql.get<{ empty: number }>('SELECT empty FROM chats WHERE id = ?', chatId)?.empty === 1;
    return { from: BEFORE_ALL, to: END, older: empty ? 'end' : 'gap', newer: 'end' };
  }
  const range = comparePositions(place, newest.from) >= 0 ? newest : rangeAt(context.sql, chatId, place);
  // A row outside all intervals was fetched on its own: nothing around it is known.
  return range ? segmentOf(range, newest) : { from: place, to: place, older: 'gap', newer: 'gap' };
}

function rowsBefore(
  context: StoreContext,
  chatId: string,
  place: MessagePosition,
  segment: Segment,
  limit: number,
  inclusive: boolean,
): Place[] {
  return context.sql
    .all<Place>(
      `SELECT row, at, tie FROM messages WHERE chat_id = ? AND (at, tie) ${inclusive ? '<=' : '<'} (?, ?) AND (at, tie) >= (?, ?)
       ORDER BY at DESC, tie DESC LIMIT 0 + ?`,
      chatId,
      place.at,
      place.tie,
      segment.from.at,
      segment.from.tie,
      limit,
    )
    .reverse();
}

function rowsAfter(
  context: StoreContext,
  chatId: string,
  place: MessagePosition,
  segment: Segment,
  limit: number,
): Place[] {
  return context.sql.all<Place>(
    `SELECT row, at, tie FROM messages WHERE chat_id = ? AND (at, tie) > (?, ?) AND (at, tie) <= (?, ?)
     ORDER BY at, tie LIMIT 0 + ?`,
    chatId,
    place.at,
    place.tie,
    segment.to.at,
    segment.to.tie,
    limit,
  );
}

function readUpTo(context: StoreContext, chatId: string): string | null {
  const mark = readMark(context, chatId);
  if (!mark.known) return null;
  return (
    context.sql.get<{ id: string }>(
      'SELECT id FROM messages WHERE chat_id = ? AND (at, tie) <= (?, ?) AND id IS NOT NULL ORDER BY at DESC, tie DESC LIMIT 1',
      chatId,
      mark.position.at,
      mark.position.tie,
    )?.id ?? null
  );
}

function placeOfKey(context: StoreContext, chatId: string, key: string): MessagePosition | null {
  return (
    context.sql.get<{ at: number; tie: string }>(
      'SELECT at, tie FROM messages WHERE chat_id = ? AND (key = ? OR id = ?)',
      chatId,
      key,
      key,
    ) ?? null
  );
}

/** The place of an anchor, and on which side of it the page lies. */
function cut(
  context: StoreContext,
  chatId: string,
  anchor: PageAnchor,
): { place: MessagePosition; lie: 'before' | 'after' | 'around' | 'end' } | null {
  switch (anchor.at) {
    case 'latest':
      return { place: END, lie: 'end' };
    case 'unread': {
      const mark = readMark(context, chatId);
      if (!mark.known || mark.unread === 0) return { place: END, lie: 'end' };
      const first = context.sql.get<{ at: number; tie: string }>(
        'SELECT at, tie FROM messages WHERE chat_id = ? AND (at, tie) > (?, ?) AND mine = 0 ORDER BY at, tie LIMIT 1',
        chatId,
        mark.position.at,
        mark.position.tie,
      );
      return first ? { place: first, lie: 'around' } : { place: END, lie: 'end' };
    }
    case 'before':
    case 'after':
    case 'around': {
      const place = placeOfKey(context, chatId, anchor.key);
      return place ? { place, lie: anchor.at } : null;
    }
    case 'date': {
      const first =
        context.sql.get<{ at: number; tie: string }>(
          `SELECT at, tie FROM messages WHERE chat_id = ? AND at >= ? AND at < ${PENDING_BASE} ORDER BY at, tie LIMIT 1`,
          chatId,
          anchor.time,
        ) ?? null;
      return first ? { place: first, lie: 'around' } : { place: END, lie: 'end' };
    }
  }
}

/** A page of at most `limit` messages; null when the anchor is not here. */
export function page(
  context: StoreContext,
  input: { chatId: string; anchor: PageAnchor; limit: number },
): MessagePage | null {
  const { chatId, limit } = input;
  const at = cut(context, chatId, input.anchor);
  if (!at) return null;
  const { place, lie } = at;
  const segment = segmentAt(context, chatId, place);
  let rows: Place[];
  if (lie === 'after') rows = rowsAfter(context, chatId, place, segment, limit);
  else if (lie === 'around') {
    const before = rowsBefore(context, chatId, place, segment, Math.ceil(limit / 2), true);
    const after = rowsAfter(context, chatId, place, segment, limit - before.length);
    const missing = limit - before.length - after.length;
    const first = before[0];
    const more = missing > 0 && first ? rowsBefore(context, chatId, first, segment, missing, false) : [];
    rows = [...more, ...before, ...after];
  } else rows = rowsBefore(context, chatId, place, segment, limit, lie === 'end');

  const first = rows[0];
  const last = rows[rows.length - 1];
  // The edges of an empty page are at the anchor.
  const oldest = first ?? (lie === 'after' ? null : place);
  const newest = last ?? (lie === 'before' ? null : place);
  const hasOlder = first !== undefined && rowsBefore(context, chatId, first, segment, 1, false).length > 0;
  const hasNewer = last !== undefined && rowsAfter(context, chatId, last, segment, 1).length > 0;
  return {
    chatId,
    items: messageViews(
      context,
      rows.map((item) => item.row),
    ),
    older: hasOlder || oldest === null ? 'more' : segment.older,
    newer: hasNewer || newest === null ? 'more' : segment.newer,
    readUpTo: readUpTo(context, chatId),
  };
}

/** What a fill needs to know about the place it starts from. */
export interface FillStart {
  /** The oldest and newest message of the interval; null when the message at that end has no server id here. */
  oldest: MessageCursor | null;
  newest: MessageCursor | null;
  starts: boolean;
  isNewest: boolean;
  /** Stored messages that are newer than `oldest`: at least this many precede it in the server's pages. */
  newerThanOldest: number;
  /** Unread messages of others in the chat. */
  unread: number;
}

/** Where a fill starts: at the interval that includes the key, or the newest one. Null when there is none. */
export function fillStart(context: StoreContext, input: { chatId: string; key: string | null }): FillStart | null {
  const { chatId } = input;
  const newest = newestRange(context.sql, chatId);
  if (!newest) return null;
  const place = input.key === null ? newest.to : placeOfKey(context, chatId, input.key);
  if (!place) return null;
  const range = comparePositions(place, newest.from) >= 0 ? newest : rangeAt(context.sql, chatId, place);
  if (!range) return null;
  const id = (at: MessagePosition): string | undefined =>
    context.sql.get<{ id: string }>(
      'SELECT id FROM messages WHERE chat_id = ? AND at = ? AND tie = ? AND id IS NOT NULL',
      chatId,
      at.at,
      at.tie,
    )?.id;
  const oldestId = id(range.from);
  const newestId = id(range.to);
  const newer = context.sql.get<{ n: number }>(
    'SELECT count(*) AS n FROM messages WHERE chat_id = ? AND (at, tie) > (?, ?) AND (at, tie) < (?, ?)',
    chatId,
    range.from.at,
    range.from.tie,
    AFTER_STORED.at,
    AFTER_STORED.tie,
  );
  return {
    oldest: oldestId === undefined ? null : { ...range.from, id: oldestId },
    newest: newestId === undefined ? null : { ...range.to, id: newestId },
    starts: range.starts,
    isNewest: inRange(newest, range.to),
    newerThanOldest: newer?.n ?? 0,
    unread: readMark(context, chatId).unread,
  };
}
