/** Lists by time, from the statements of a table. */
import type { SelectQueryBuilder } from 'kysely';
import type { TimeList, TimePlace } from '../ports.ts';
import type { Schema } from '../schema.ts';
import { prepare, type Session, type Statement } from './statement.ts';

export interface TimeListStatements<Row> {
  page: Statement<{ limit: number }, Row>;
  pageAfter: Statement<TimePlace & { limit: number }, Row>;
  pageUp: Statement<{ limit: number }, Row>;
  pageUpAfter: Statement<TimePlace & { limit: number }, Row>;
  /** One row, after so many others. */
  skip: Statement<{ offset: number }, TimePlace>;
  skipAfter: Statement<TimePlace & { offset: number }, TimePlace>;
  skipUp: Statement<{ offset: number }, TimePlace>;
  skipUpAfter: Statement<TimePlace & { offset: number }, TimePlace>;
}

/** The tables that are read as such a list: each has `created_at` and `id`, with an index on both. */
type TimedTable = 'audit' | 'messages' | 'reactions' | 'users';

/** Prepares the statements of a list. @param of the rows that are in it, in no order. */
export function prepareTimeList<Row>(of: SelectQueryBuilder<Schema, TimedTable, Row>): TimeListStatements<Row> {
  // The builder knows no columns that several tables share; any of them stands for the others.
  const rows = of as SelectQueryBuilder<Schema, 'messages', Row>;
  const newest = rows.orderBy('created_at', 'desc').orderBy('id', 'desc');
  const oldest = rows.orderBy('created_at').orderBy('id');
  type Ordered = typeof newest;
  const after = <R>(list: SelectQueryBuilder<Schema, 'messages', R>, direction: '<' | '>', place: TimePlace) =>
    list.where((eb) => eb(eb.refTuple('created_at', 'id'), direction, eb.tuple(place.createdAt, place.id)));
  const placesOf = (list: Ordered) => list.clearSelect().select(['created_at as createdAt', 'id']);
  const places = placesOf(newest);
  const placesUp = placesOf(oldest);
  return {
    page: prepare((p: { limit: number }) => newest.limit(p.limit)),
    pageAfter: prepare((p: TimePlace & { limit: number }) => after(newest, '<', p).limit(p.limit)),
    pageUp: prepare((p: { limit: number }) => oldest.limit(p.limit)),
    pageUpAfter: prepare((p: TimePlace & { limit: number }) => after(oldest, '>', p).limit(p.limit)),
    skip: prepare((p: { offset: number }) => places.limit(1).offset(p.offset)),
    skipAfter: prepare((p: TimePlace & { offset: number }) => after(places, '<', p).limit(1).offset(p.offset)),
    skipUp: prepare((p: { offset: number }) => placesUp.limit(1).offset(p.offset)),
    skipUpAfter: prepare((p: TimePlace & { offset: number }) => after(placesUp, '>', p).limit(1).offset(p.offset)),
  };
}

export function timeList<Row>(statements: TimeListStatements<Row>, session: Session): TimeList<Row> {
  return {
    page: (after, limit) =>
      after ? statements.pageAfter.all(session, { ...after, limit }) : statements.page.all(session, { limit }),
    pageUp: (after, limit) =>
      after ? statements.pageUpAfter.all(session, { ...after, limit }) : statements.pageUp.all(session, { limit }),
    skip: (after, count) =>
      after
        ? statements.skipAfter.first(session, { ...after, offset: count - 1 })
        : statements.skip.first(session, { offset: count - 1 }),
    skipUp: (after, count) =>
      after
        ? statements.skipUpAfter.first(session, { ...after, offset: count - 1 })
        : statements.skipUp.first(session, { offset: count - 1 }),
  };
}
