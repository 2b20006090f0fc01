/**
 * People search: each word of the query must be a prefix of one of the person's terms. Exact matches of the first word
 * with the username come first, then usernames that start with it, then everybody else by username. However many people
 * a single letter matches, they are scanned in slices.
 */
import { fold } from '#contract/model/search-text.ts';
import type { UserRow } from '../records.ts';
import type { FoundUser, UserReads } from '../repositories/ports.ts';
import type { Turns } from '../turns.ts';

export type UserSearch = (words: readonly string[], asker: string, limit: number) => Promise<UserRow[]>;

/** Terms per slice. */
const SLICE = 500;

function rank({ usernameFolded }: FoundUser, first: string): number {
  const username = fold(usernameFolded);
  if (username === first) return 0;
  return username.startsWith(first) ? 1 : 2;
}

/** @param slice terms scanned per turn. */
export function createUserSearch(
  users: Pick<UserReads, 'match' | 'findAllEver'>,
  turns: Turns,
  slice = SLICE,
): UserSearch {
  return async (words, asker, limit) => {
    const [first] = words;
    if (first === undefined) return [];
    const better = (a: FoundUser, b: FoundUser): number =>
      rank(a, first) - rank(b, first) || (a.usernameFolded < b.usernameFolded ? -1 : 1);
    // The longest word has the fewest terms to scan.
    const [scanned = first, ...others] = words.toSorted((a, b) => b.length - a.length);
    let best: FoundUser[] = [];
    for (let after = { term: scanned, userId: '' }; ;) {
      await turns.next();
      const { found, last } = await users.match(scanned, others, after, slice);
      const known = new Set(best.map(({ id }) => id));
      const fresh = new Map(found.filter(({ id }) => id !== asker && !known.has(id)).map((one) => [one.id, one]));
      best = [...best, ...fresh.values()].toSorted(better).slice(0, limit);
      if (!last) break;
      after = last;
    }
    const rows = new Map((await users.findAllEver(best.map(({ id }) => id))).map((row) => [row.id, row]));
    return best.flatMap(({ id }) => rows.get(id) ?? []);
  };
}
