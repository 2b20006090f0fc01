/**
 * People search: each word of the query must be a prefix of one of the person's terms. First come those whose username
 * begins with the first word, then everybody else; both by username.
 *
 * A single letter matches a good part of all people, so nobody looks at all of them: usernames are read in the order in
 * which they are shown, as many as are wanted; others are looked for among a bounded number of terms, in slices.
 */
import type { UserRow } from '../records.ts';
import type { FoundUser, TermPlace, UserReads } from '../repositories/ports.ts';
import type { Turns } from '../turns.ts';

export type UserSearch = (words: readonly string[], asker: string, limit: number) => Promise<UserRow[]>;

/** How much of the indexes a search may read. */
export interface SearchBounds {
  /** Terms per turn. */
  slice: number;
  /** Terms after which the search ends as soon as there are enough people, and again after as many more. */
  enough: number;
  /** Terms that are read at most. */
  most: number;
}

const BOUNDS: SearchBounds = { slice: 500, enough: 1000, most: 5000 };

function byName(a: FoundUser, b: FoundUser): number {
  if (a.searchName !== b.searchName) return a.searchName < b.searchName ? -1 : 1;
  return a.usernameFolded < b.usernameFolded ? -1 : 1;
}

export function createUserSearch(
  users: Pick<UserReads, 'match' | 'named' | 'findAllEver'>,
  turns: Turns,
  { slice, enough, most }: SearchBounds = BOUNDS,
): UserSearch {
  /** Those whose username begins with the word, in their order. */
  async function named(word: string, asker: string, limit: number): Promise<FoundUser[]> {
    await turns.next();
    // One more, who may be the asker.
    const found = await users.named(word, limit + 1);
    return found.filter(({ id }) => id !== asker).slice(0, limit);
  }

  /** Adds whoever matches to those who are known, until there are `limit` or enough has been read. */
  async function fill(
    known: readonly FoundUser[],
    words: readonly string[],
    asker: string,
    limit: number,
  ): Promise<FoundUser[]> {
    // The longest word has the fewest terms to scan.
    const [scanned = '', ...others] = words.toSorted((a, b) => b.length - a.length);
    const found = new Map(known.map((one) => [one.id, one]));
    let after: TermPlace = { term: scanned, userId: '' };
    for (let read = 0; read < most;) {
      if (read > 0 && read % enough === 0 && found.size >= limit) break;
      await turns.next();
      // Where it ends does not depend on how it is sliced.
      const count = Math.min(slice, enough - (read % enough));
      const scan = await users.match(scanned, others, after, count);
      for (const one of scan.found) if (one.id !== asker) found.set(one.id, one);
      if (!scan.last) break;
      read += count;
      after = scan.last;
    }
    return [...found.values()];
  }

  return async (words, asker, limit) => {
    const [first] = words;
    if (first === undefined) return [];
    const isNamed = ({ searchName }: FoundUser): boolean => searchName.startsWith(first);
    // With several words the longest one leads to everybody; a single one may lead to a good part of all people.
    let best = words.length === 1 ? await named(first, asker, limit) : [];
    if (best.length < limit) {
      best = (await fill(best, words, asker, limit))
        .toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)) || byName(a, b))
        .slice(0, limit);
    }
    const rows = new Map((await users.findAllEver(best.map(({ id }) => id))).map((row) => [row.id, row]));
    return best.flatMap(({ id }) => rows.get(id) ?? []);
  };
}
