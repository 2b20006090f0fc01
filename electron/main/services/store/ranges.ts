/**
 * Proven intervals of a chat's history: inside one, nothing is missing. Intervals never overlap; two that touch or
 * share a message are merged, because each is proven up to the message that both include.
 */
import { comparePositions, type MessagePosition } from '#contract/model/message-order.ts';
import type { Sql } from './sql.ts';

/** From one message to another, both included. `starts`: nothing precedes it. */
export interface Range {
  from: MessagePosition;
  to: MessagePosition;
  starts: boolean;
}

/** True when the position is in the interval, ends included. */
export function inRange(range: Range, position: MessagePosition): boolean {
  return comparePositions(range.from, position) <= 0 && comparePositions(position, range.to) <= 0;
}

/** True when the two share at least one position. */
export function touches(a: Range, b: Range): boolean {
  return comparePositions(a.from, b.to) <= 0 && comparePositions(b.from, a.to) <= 0;
}

/** Merges `added` with all of `ranges` that touch it, and returns those that were merged. */
export function joinRanges(ranges: readonly Range[], added: Range): { joined: Range; absorbed: Range[] } {
  let joined = added;
  const absorbed: Range[] = [];
  for (const range of ranges) {
    if (!touches(range, joined)) continue;
    absorbed.push(range);
    const isEarlier = comparePositions(range.from, joined.from) < 0;
    const sameStart = comparePositions(range.from, joined.from) === 0;
    joined = {
      from: isEarlier ? range.from : joined.from,
      to: comparePositions(range.to, joined.to) > 0 ? range.to : joined.to,
      starts: isEarlier ? range.starts : sameStart ? range.starts || joined.starts : joined.starts,
    };
  }
  return { joined, absorbed };
}

type RangeRow = { from_at: number; from_tie: string; to_at: number; to_tie: string; starts: number };

function toRange(row: RangeRow): Range {
  return {
    from: { at: row.from_at, tie: row.from_tie },
    to: { at: row.to_at, tie: row.to_tie },
    starts: row.starts === 1,
  };
}

const COLUMNS = 'from_at, from_tie, to_at, to_tie, starts';
/**
 * Not one of a damaged row that begins after everything (infinity, or what is no number): it would be the newest, and the
 * chat an empty page.
 */
export const IS_SOUND = `from_at <= ${Number.MAX_SAFE_INTEGER}`;

/** Adds a proven interval; returns what it became. */
export function proveRange(sql: Sql, chatId: string, added: Range): { joined: Range; absorbed: Range[] } {
  // Only neighbours that could touch: those that start before its end and end after its start.
  const near = sql
    .all<RangeRow>(
      `SELECT ${COLUMNS} FROM ranges WHERE chat_id = ? AND (from_at, from_tie) <= (?, ?) AND (to_at, to_tie) >= (?, ?)
       ORDER BY from_at, from_tie`,
      chatId,
      added.to.at,
      added.to.tie,
      added.from.at,
      added.from.tie,
    )
    .map(toRange);
  const { joined, absorbed } = joinRanges(near, added);
  const only = absorbed.length === 1 ? absorbed[0] : undefined;
  if (only && comparePositions(only.from, joined.from) === 0) {
    const same = comparePositions(only.to, joined.to) === 0 && only.starts === joined.starts;
    if (!same) {
      sql.run(
        'UPDATE ranges SET to_at = ?, to_tie = ?, starts = ? WHERE chat_id = ? AND from_at = ? AND from_tie = ?',
        joined.to.at,
        joined.to.tie,
        Number(joined.starts),
        chatId,
        joined.from.at,
        joined.from.tie,
      );
    }
    return { joined, absorbed };
  }
  for (const range of absorbed) {
    sql.run(
      'DELETE FROM ranges WHERE chat_id = ? AND from_at = ? AND from_tie = ?',
      chatId,
      range.from.at,
      range.from.tie,
    );
  }
  sql.run(
    `INSERT INTO ranges (chat_id, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`,
    chatId,
    joined.from.at,
    joined.from.tie,
    joined.to.at,
    joined.to.tie,
    Number(joined.starts),
  );
  return { joined, absorbed };
}

/** The interval that includes a position, or null. */
export function rangeAt(sql: Sql, chatId: string, position: MessagePosition): Range | null {
  const row = sql.get<RangeRow>(
    `SELECT ${COLUMNS} FROM ranges WHERE chat_id = ? AND (from_at, from_tie) <= (?, ?) ORDER BY from_at DESC, from_tie DESC LIMIT 1`,
    chatId,
    position.at,
    position.tie,
  );
  const range = row ? toRange(row) : null;
  return range && inRange(range, position) ? range : null;
}

/** The interval with the newest known message, or null. */
export function newestRange(sql: Sql, chatId: string): Range | null {
  const row = sql.get<RangeRow>(
    `SELECT ${COLUMNS} FROM ranges WHERE chat_id = ? AND ${IS_SOUND} ORDER BY from_at DESC, from_tie DESC LIMIT 1`,
    chatId,
  );
  return row ? toRange(row) : null;
}
