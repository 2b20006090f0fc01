import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldUsername, queryWords, searchTerms } from '../../../relay/folding.ts';
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
          slice,
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
