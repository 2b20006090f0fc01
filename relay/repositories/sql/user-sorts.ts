/** All people in the orders that have an index, in both directions. */
import { sql } from 'kysely';
import type { UserReads, UserSort, UserSortPlace } from '../ports.ts';
import type { UserRow } from '../../records.ts';
import type { Dialect } from './dialect.ts';
import { prepare, type Session, type Statement } from './statement.ts';
import { USER_COLUMNS } from './user-columns.ts';

interface Sorted {
  page: Statement<{ limit: number }, UserRow>;
  pageAfter: Statement<UserSortPlace & { limit: number }, UserRow>;
}

/** What each order has an index on; the second of the two makes it unambiguous. */
const KEYS: Record<UserSort, readonly [string, string]> = {
  name: ['search_name', 'username_folded'],
  seen: ['coalesce(last_seen_at, 0)', 'id'],
};

function prepareSort({ builder }: Dialect, sort: UserSort, isDown: boolean): Sorted {
  const [key, tie] = KEYS[sort].map((text) => sql.raw<string | number>(text));
  if (!key || !tie) throw new TypeError('an order has two keys');
  const direction = isDown ? 'desc' : 'asc';
  const people = builder
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where('role', '=', 'user')
    .where('deleted_at', 'is', null)
    .orderBy(key, direction)
    .orderBy(tie, direction);
  const isBehind = sql.raw(isDown ? '<' : '>');
  return {
    page: prepare((p: { limit: number }) => people.limit(p.limit)),
    pageAfter: prepare((p: UserSortPlace & { limit: number }) =>
      people.where(sql<boolean>`(${key}, ${tie}) ${isBehind} (${p.key}, ${p.tie})`).limit(p.limit),
    ),
  };
}

/** Prepares the statements; the result makes the list for a session. */
export function sortedUsersOn(dialect: Dialect): (session: Session) => UserReads['sorted'] {
  const byName = { up: prepareSort(dialect, 'name', false), down: prepareSort(dialect, 'name', true) };
  const bySeen = { up: prepareSort(dialect, 'seen', false), down: prepareSort(dialect, 'seen', true) };
  return (session) => (sort, isDown, after, limit) => {
    const { page, pageAfter } = (sort === 'name' ? byName : bySeen)[isDown ? 'down' : 'up'];
    return after ? pageAfter.all(session, { ...after, limit }) : page.all(session, { limit });
  };
}
