/** The lists of an administrator: their orders, and how they are searched. */
import type { UserSortName } from '#contract/api/admin.ts';
import { fold } from '#contract/model/search-text.ts';
import { foldUsername, queryWords } from '../folding.ts';
import type { MessageRow, ReactionRow, UserRow } from '../records.ts';
import type { Reads } from '../repositories/ports.ts';
import { placeIn, walkByTime, type Walk, type WalkPlace } from './admin-walks.ts';
import type { UserSearch } from './user-search.ts';

/** People that a search finds at most: what has more needs more letters. */
const MOST_FOUND = 1000;
/** People whose messages or reactions are looked for at once. */
const MOST_NAMED = 50;

export type AdminLists = ReturnType<typeof createAdminLists>;

/** How people are compared in an order, as the database does. Pure. */
function compare(sort: UserSortName): (a: UserRow, b: UserRow) => number {
  const isLess = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
  const byTime = (a: UserRow, b: UserRow): number => a.createdAt - b.createdAt || isLess(a.id, b.id);
  const byName = (a: UserRow, b: UserRow): number => isLess(fold(a.username), fold(b.username));
  const bySeen = (a: UserRow, b: UserRow): number => (a.lastSeenAt ?? 0) - (b.lastSeenAt ?? 0) || isLess(a.id, b.id);
  switch (sort) {
    case 'newest':
      return (a, b) => byTime(b, a);
    case 'oldest':
      return byTime;
    case 'name':
      return byName;
    case '-name':
      return (a, b) => byName(b, a);
    case 'seen':
      return (a, b) => bySeen(b, a);
    case '-seen':
      return bySeen;
  }
}

export function createAdminLists(reads: Pick<Reads, 'users' | 'messages' | 'reactions'>, searchUsers: UserSearch) {
  const { users, messages, reactions } = reads;

  /** Whether a row is by one of these people, for a search that begins with an @; else null. */
  async function namedBy(q: string): Promise<ReadonlySet<string> | null> {
    if (!q.startsWith('@')) return null;
    return new Set((await searchUsers(queryWords(q), '', MOST_NAMED)).map(({ id }) => id));
  }

  return {
    users(sort: UserSortName = 'newest'): Walk<UserRow> {
      if (sort === 'newest' || sort === 'oldest') return walkByTime(users, sort === 'newest');
      const key = sort === 'name' || sort === '-name' ? 'name' : 'seen';
      // Whoever was there last comes first, and names begin with A.
      const isDown = sort === '-name' || sort === 'seen';
      return {
        page: async (after: WalkPlace | null, limit) =>
          users.sorted(key, isDown, placeIn(after, key === 'name' ? 'string' : 'number'), limit),
        placeOf: (row) =>
          key === 'name'
            ? { key: fold(row.username), tie: foldUsername(row.username) }
            : { key: row.lastSeenAt ?? 0, tie: row.id },
      };
    },
    /** All that a search finds, in that order. */
    async foundUsers(q: string, sort: UserSortName = 'name'): Promise<UserRow[]> {
      const found = await searchUsers(queryWords(q), '', MOST_FOUND);
      return found.filter(({ role }) => role === 'user').toSorted(compare(sort));
    },
    messages: (sort: UserSortName = 'newest'): Walk<MessageRow> => walkByTime(messages, sort !== 'oldest'),
    /** By words of the text, or by people: `@name`. */
    async messageMatches(q: string): Promise<(row: MessageRow) => boolean> {
      const named = await namedBy(q);
      if (named) return ({ senderId }) => named.has(senderId);
      const wanted = fold(q);
      return ({ content }) => fold(content).includes(wanted);
    },
    reactions: (sort: UserSortName = 'newest'): Walk<ReactionRow> => walkByTime(reactions, sort !== 'oldest'),
    /** By emoji, or by people: `@name`. */
    async reactionMatches(q: string): Promise<(row: ReactionRow) => boolean> {
      const named = await namedBy(q);
      if (named) return ({ userId }) => named.has(userId);
      const wanted = q.trim();
      return ({ emoji }) => emoji.includes(wanted);
    },
  };
}
