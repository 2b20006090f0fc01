/** Profiles as shown to other users. */
import type { User } from '#contract/api/user.ts';
import { RelayError } from '../errors.ts';
import type { UserRow } from '../records.ts';
import type { ChatReads, ProfileChange, UserReads, WriteQueue } from '../repositories/ports.ts';
import { ownUser, publicUser, type ViewsFor } from './views.ts';

export interface ProfilesOptions {
  users: Pick<UserReads, 'find'>;
  chats: Pick<ChatReads, 'sharesChat'>;
  queue: WriteQueue;
  viewsFor: ViewsFor;
}

export type Profiles = ReturnType<typeof createProfiles>;

export function createProfiles({ users, chats, queue, viewsFor }: ProfilesOptions) {
  return {
    /**
     * Updates the user's own profile.
     * @throws RelayError `unauthenticated` when their account no longer exists.
     */
    async update(userId: string, change: ProfileChange): Promise<User> {
      const updated = await queue.run((tx) => tx.users.update(userId, change));
      if (!updated) throw new RelayError('unauthenticated', 'Sign in first.');
      return ownUser(updated);
    },

    /**
     * A user as `asker` may see them.
     * @throws RelayError `not_found`.
     */
    async shown(asker: UserRow, id: string): Promise<User> {
      if (id === asker.id) return ownUser(asker);
      const found = await users.find(id);
      if (!found || found.role !== 'user') throw new RelayError('not_found', 'There is no such person.');
      // Presence is visible only to those who share a chat.
      return (await chats.sharesChat(asker.id, found.id)) ? viewsFor(asker.id).participant(found) : publicUser(found);
    },
  };
}
