/** Profiles as shown to other users. */
import type { User } from '#contract/api/user.ts';
import { invalidField, RelayError } from '../errors.ts';
import type { UserRow } from '../records.ts';
import { INLINE_TYPES } from '#contract/model/media-types.ts';
import { fileIdOf } from './file-view.ts';
import type { ChatReads, FileReads, ProfileChange, UserReads, WriteQueue } from '../repositories/ports.ts';
import type { TokenVersions } from './token-versions.ts';
import { ownUser, publicUser, type ViewsFor } from './views.ts';

export interface ProfilesOptions {
  users: Pick<UserReads, 'find'>;
  chats: Pick<ChatReads, 'sharesChat'>;
  queue: WriteQueue;
  viewsFor: ViewsFor;
  /** What is remembered of the user is no longer good. */
  versions: Pick<TokenVersions, 'change'>;
}

/**
 * The file behind an address that is to become a picture; null when it is none of this node.
 * @throws RelayError `validation` unless it is a picture that the user uploaded: everybody may read it from then on.
 */
async function pictureOf(files: Pick<FileReads, 'find'>, userId: string, url: string): Promise<string | null> {
  const id = fileIdOf(url);
  if (id === undefined) return null;
  const file = id === null ? null : await files.find(id);
  const isPicture = file !== null && file.mimeType.startsWith('image/') && INLINE_TYPES.has(file.mimeType);
  if (isPicture && file.ownerId === userId) return file.id;
  throw invalidField('avatarUrl', 'invalid', 'There is no such picture of yours.');
}

export type Profiles = ReturnType<typeof createProfiles>;

export function createProfiles({ users, chats, queue, viewsFor, versions }: ProfilesOptions) {
  return {
    /**
     * Updates the user's own profile.
     * @throws RelayError `unauthenticated` when their account no longer exists, `validation` for a picture that is not
     * theirs.
     */
    async update(userId: string, change: ProfileChange): Promise<User> {
      const updated = await versions.change(userId, () =>
        queue.run(async (tx) => {
          if (change.avatarUrl !== undefined) {
            await tx.files.setAvatar(userId, await pictureOf(tx.files, userId, change.avatarUrl));
          }
          return tx.users.update(userId, change);
        }),
      );
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
