/** The places of rows and messages. */
import { PENDING_BASE, type MessagePosition } from '#contract/model/message-order.ts';
import type { Sql } from './sql.ts';

/** Rows of one second; a second that is full borrows from the next one. */
const ROWS_PER_SECOND = 4096;
/** Times beyond this (the year 2096) are hostile or broken: row numbers stop there. */
const LAST_TIME = 4e12;

/** The first row number of a time in milliseconds since the epoch. */
export function rowOf(time: number): number {
  return Math.floor(Math.min(Math.max(time, 0), LAST_TIME) / 1000) * ROWS_PER_SECOND;
}

/** A free row number for a message of that time. */
export function freeRow(sql: Sql, time: number): number {
  for (let first = rowOf(time); ; first += ROWS_PER_SECOND) {
    const last = first + ROWS_PER_SECOND - 1;
    const taken = sql.get<{ row: number | null }>(
      'SELECT max(row) AS row FROM messages WHERE row BETWEEN ? AND ?',
      first,
      last,
    );
    const next = taken?.row === null || taken === undefined ? first : taken.row + 1;
    if (next <= last) return next;
  }
}

/** Distance of a message placed beside its neighbour: far less than a millisecond, and exact at every real time. */
const STEP = 1 / 2048;

/** The place of a message directly after, or before, what is at `at`. */
export function besides(at: number, id: string, side: 'after' | 'before'): MessagePosition {
  return { at: side === 'after' ? at + STEP : at - STEP, tie: id };
}

/** Before every message. */
export const BEFORE_ALL: MessagePosition = { at: -1, tie: '' };
/** After everything the server has, before everything that is pending. */
export const AFTER_STORED: MessagePosition = { at: PENDING_BASE, tie: '' };

/** An ISO time from the wire in milliseconds since the epoch, or the fallback if it is missing or invalid. */
export function millis(iso: string | null | undefined, fallback: number): number {
  const time = iso ? Date.parse(iso) : Number.NaN;
  return Number.isFinite(time) ? time : fallback;
}
