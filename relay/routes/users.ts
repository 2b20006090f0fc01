import { isStorableText } from '#contract/model/text.ts';
import { invalidField, RelayError } from '../errors.ts';
import type { Serve } from '../http/serve.ts';
import type { RelayNode } from '../node.ts';
import { queryWords } from '../folding.ts';
import { ownUser, publicUser } from '../services/views.ts';

/** Finding people, looking at them, and changing oneself. */
export function userRoutes(
  serve: Serve,
  { users, searchUsers, chats, queue, budgets, limits, viewsFor }: RelayNode,
): void {
  serve('searchUsers', async ({ user, query }) => {
    if (!isStorableText(query.q)) throw invalidField('q', 'bad_characters', 'The query cannot be searched for.');
    const words = queryWords(query.q);
    if (words.length === 0) throw invalidField('q', 'required', 'Search for what?');
    const found = await searchUsers(words, user.id, limits.searchResults);
    return { status: 200, list: 'users', items: found.map(publicUser), rest: () => ({}) };
  });

  serve('updateProfile', async ({ user, body }) => {
    budgets.write(user.id, Buffer.byteLength(body.bio ?? ''));
    const updated = await queue.run(() => users.update(user.id, body));
    if (!updated) throw new RelayError('unauthenticated', 'Sign in first.');
    return { status: 200, body: { user: ownUser(updated) } };
  });

  serve('user', ({ user, params }) => {
    if (params.id === user.id) return { status: 200, body: { user: ownUser(user) } };
    const found = users.find(params.id);
    if (!found || found.role !== 'user') throw new RelayError('not_found', 'There is no such person.');
    // Whether somebody is there is told to those who share a chat with them.
    const shown = chats.sharesChat(user.id, found.id) ? viewsFor(user.id).participant(found) : publicUser(found);
    return { status: 200, body: { user: shown } };
  });
}
