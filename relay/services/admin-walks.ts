/**
 * Long lists in one of several orders, read on from where the last page ended: every page costs the same, however far
 * back. A search looks through the rows in that order, so many in one go, and says where it stopped.
 */
import { z } from 'zod';
import { isStorableText } from '#contract/model/text.ts';
import { invalidField, type RelayError } from '../errors.ts';
import type { TimeList, TimePlace } from '../repositories/ports.ts';
import type { Turns } from '../turns.ts';

/** A position in any of the orders. */
export interface WalkPlace {
  key: string | number;
  tie: string;
}

/** A list in one order. */
export interface Walk<Row> {
  page(after: WalkPlace | null, limit: number): Promise<Row[]>;
  placeOf(row: Row): WalkPlace;
}

/** A part of a list, and where the next one begins: null at the end. */
export interface WalkPart<Row> {
  rows: Row[];
  next: WalkPlace | null;
}

const Text = z.string().max(200).refine(isStorableText);
const Place = z.tuple([z.union([Text, z.number().int()]), Text]);

export function cursorOf({ key, tie }: WalkPlace): string {
  return Buffer.from(JSON.stringify([key, tie]), 'utf8').toString('base64url');
}

function badCursor(): RelayError {
  return invalidField('cursor', 'invalid', 'That is no place in this list.');
}

/** @throws RelayError `validation` for what `cursorOf` did not make. */
export function placeOf(cursor: string): WalkPlace {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw badCursor();
    throw error;
  }
  const place = Place.safeParse(parsed);
  if (!place.success) throw badCursor();
  return { key: place.data[0], tie: place.data[1] };
}

/** A place in an order whose keys are of one type. @throws RelayError `validation` for a place in another order. */
export function placeIn(place: WalkPlace | null, type: 'string' | 'number'): WalkPlace | null {
  if (place && typeof place.key !== type) throw badCursor();
  return place;
}

function timePlace(place: WalkPlace | null): TimePlace | null {
  const known = placeIn(place, 'number');
  return known && { createdAt: Number(known.key), id: known.tie };
}

/** A list by time, newest or oldest first. */
export function walkByTime<Row extends TimePlace>(list: TimeList<Row>, isDown: boolean): Walk<Row> {
  return {
    page: (after, limit) => (isDown ? list.page(timePlace(after), limit) : list.pageUp(timePlace(after), limit)),
    placeOf: ({ createdAt, id }) => ({ key: createdAt, tie: id }),
  };
}

/** Rows read in one turn, and looked through for one answer at most. */
export interface WalkBounds {
  slice: number;
  most: number;
}

const BOUNDS: WalkBounds = { slice: 500, most: 20_000 };

/** The next `limit` rows, of those that match; fewer when the search has looked through enough. */
export async function walkOn<Row>(
  walk: Walk<Row>,
  after: WalkPlace | null,
  limit: number,
  matches: ((row: Row) => boolean) | null,
  turns: Turns,
  { slice, most }: WalkBounds = BOUNDS,
): Promise<WalkPart<Row>> {
  if (!matches) {
    const rows = await walk.page(after, limit + 1);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return { rows: rows.slice(0, limit), next: last ? walk.placeOf(last) : null };
  }
  const found: Row[] = [];
  let place = after;
  for (let read = 0; read < most; read += slice) {
    await turns.next();
    const rows = await walk.page(place, slice);
    for (const row of rows) {
      place = walk.placeOf(row);
      if (matches(row)) found.push(row);
      if (found.length === limit) return { rows: found, next: place };
    }
    if (rows.length < slice) return { rows: found, next: null };
  }
  return { rows: found, next: place };
}
