import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { foldUsername, queryWords, searchTerms } from '../../../relay/folding.ts';
import type { UserRow } from '../../../relay/records.ts';
import type { TermPlace } from '../../../relay/repositories/ports.ts';
import { createUserSearch } from '../../../relay/services/user-search.ts';
import { ADAPTERS, type TestDatabase } from './databases.ts';

const PEOPLE = [
  ['aaa', 'Ann', 'Zz'],
  ['aab', 'Zz', 'Ann'],
  ['an', 'Zz', 'Zz'],
  ['ann', 'Zoe', 'Last'],
  ['ann.lee', 'Ann', 'Lee'],
  ['annika', 'Annika', 'Smith'],
  ['bob', 'Ann', 'Smith'],
  ['carl', 'Anna Ann', 'Annson'],
  ['smith', 'Bob', 'Ann'],
  ['zed_ann', 'Zed', 'Smithson'],
  ['анна', 'Анна', 'Иванова'],
] as const;

/** The same by looking at everybody. */
function expected(query: string, asker: string): string[] {
  const words = queryWords(query);
  const [first = ''] = words;
  const rank = (name: string): number => (name === first ? 0 : name.startsWith(first) ? 1 : 2);
  return PEOPLE.filter(([username, firstName, lastName]) => {
    const terms = searchTerms({ username, firstName, lastName });
    return username !== asker && words.every((word) => terms.some((term) => term.startsWith(word)));
  })
    .map(([username]) => foldUsername(username))
    .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

describe.each(ADAPTERS)('on $name', (adapter) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await adapter.open(
      { keep: 1, keepMs: 1 },
      { onEffectError: () => undefined, onCommit: () => undefined },
    );
    await database.queue.run(async (tx) => {
      for (const [username, firstName, lastName] of PEOPLE) {
        const rest = { age: 30, bio: '', passwordHash: '', role: 'user' as const, createdAt: 1 };
        await tx.users.insert({ id: `id-${username}`, username, firstName, lastName, ...rest });
      }
    });
  });
  afterAll(() => database.close());

  test.each(['a', 'ann', 'an', 'ann smith', 'smith ann', 's', 'lee a', 'анн', 'nobody', 'ann nobody'])(
    '“%s” finds the same whatever the slices, in the one order, and gives others their turn',
    async (query) => {
      for (const slice of [1, 2, 3, 1000]) {
        let turns = 0;
        const search = createUserSearch(
          database.reads.users,
          { next: () => Promise.resolve(void (turns += 1)) },
          { slice, enough: 1000, most: 10_000 },
        );
        const found = await search(queryWords(query), 'id-carl', 50);
        expect(found.map(({ username }) => username)).toEqual(expected(query, 'carl'));
        expect(turns).toBeGreaterThanOrEqual(Math.ceil(found.length / slice));
        const two = await search(queryWords(query), 'id-carl', 2);
        expect(two).toEqual(found.slice(0, 2));
      }
    },
  );
});

describe('however many people a query matches', () => {
  const found = (id: number) => ({ id: `u${id}`, searchName: `user${id}`, usernameFolded: `user${id}` });
  const row = (id: string): UserRow => ({
    ...{ id, username: id, firstName: '', lastName: '', age: null, bio: '', avatarUrl: '', passwordHash: '' },
    ...{ role: 'user', tokenVersion: 1, seq: 0, createdAt: 1, lastSeenAt: null },
  });
  /** So many people with a username that matches, and terms without an end of which every so many matches. */
  function crowd(names: number, every: number) {
    let terms = 0;
    const users = {
      named: async (_prefix: string, limit: number) =>
        Array.from({ length: Math.min(names, limit) }, (_, n) => found(n)),
      async match(_prefix: string, _others: readonly string[], after: TermPlace, limit: number) {
        const ids = Array.from({ length: limit }, (_, n) => 9_000_000 + terms + n).filter((id) => id % every === 0);
        terms += limit;
        return { found: ids.map(found), last: after };
      },
      findAllEver: async (ids: readonly string[]) => ids.map(row),
    };
    const search = createUserSearch(users, { next: () => Promise.resolve() });
    return { search, read: () => terms };
  }

  it('no term is read when there are usernames enough', async () => {
    const { search, read } = crowd(1000, 1);
    expect(await search(['u'], 'u0', 50)).toHaveLength(50);
    expect(read()).toBe(0);
  });

  it('terms are read until there are people enough', async () => {
    const { search, read } = crowd(10, 1);
    const people = await search(['u'], 'nobody', 50);
    expect(people).toHaveLength(50);
    expect(people.slice(0, 10).map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, n) => `u${n}`));
    expect(read()).toBe(1000);
  });

  it('and so many at most', async () => {
    const { search, read } = crowd(10, 1000);
    expect(await search(['u'], 'nobody', 50)).toHaveLength(15);
    expect(read()).toBe(5000);
    const several = crowd(1000, 1000);
    expect(await several.search(['u', 'v'], 'nobody', 50)).toHaveLength(5);
    expect(several.read()).toBe(5000);
  });
});
