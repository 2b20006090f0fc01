import { isStorableText } from '#contract/model/text.ts';
import { invalidField } from '../errors.ts';
import { queryWords } from '../folding.ts';
import type { Serve } from '../http/serve.ts';
import type { RelayLimits } from '../limits.ts';
import type { Budgets } from '../services/budgets.ts';
import type { Profiles } from '../services/profiles.ts';
import type { UserSearch } from '../services/user-search.ts';
import { publicUser } from '../services/views.ts';

interface UserServices {
  profiles: Profiles;
  searchUsers: UserSearch;
  budgets: Budgets;
  limits: Pick<RelayLimits, 'searchResults'>;
}

/** Finding people, viewing profiles, and editing one's own. */
export function userRoutes(serve: Serve, { profiles, searchUsers, budgets, limits }: UserServices): void {
  serve('searchUsers', async ({ user, query }) => {
    if (!isStorableText(query.q)) throw invalidField('q', 'bad_characters', 'The query cannot be searched for.');
    const words = queryWords(query.q);
    if (words.length === 0) throw invalidField('q', 'required', 'Search for what?');
    const found = await searchUsers(words, user.id, limits.searchResults);
    return { status: 200, list: 'users', items: found.map(publicUser), rest: () => ({}) };
  });

  serve('updateProfile', async ({ user, body }) => {
    await budgets.write(user.id, Buffer.byteLength(body.bio ?? ''));
    return { status: 200, body: { user: await profiles.update(user.id, body) } };
  });

  serve('user', async ({ user, params }) => ({
    status: 200,
    body: { user: await profiles.shown(user, params.id) },
  }));
}
