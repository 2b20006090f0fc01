import type { User } from '#contract/api/user.ts';
import type { ProfileView, UserView } from '#contract/ipc/views.ts';
import { hasVisibleText, stripBidiControls } from '#contract/model/text.ts';
import { avatarMediaUrl } from './media-id.ts';

/** A name that is safe beside other text: without characters that reorder what surrounds it. */
function plain(text: string | null | undefined): string {
  return stripBidiControls(text ?? '').trim();
}

/** A wire user as the screens of that account show it. `name` is never empty. */
export function toUserView(user: User, accountId: string): UserView {
  const firstName = plain(user.firstName);
  const lastName = plain(user.lastName);
  const username = plain(user.username);
  const full = `${firstName} ${lastName}`.trim();
  const seen = user.lastSeenAt ? Date.parse(user.lastSeenAt) : Number.NaN;
  return {
    id: user.id,
    username,
    name: hasVisibleText(full) ? full : username || user.id,
    firstName,
    lastName,
    bio: stripBidiControls(user.bio ?? ''),
    online: user.online ?? null,
    lastSeenAt: Number.isFinite(seen) ? seen : null,
    avatarUrl: avatarMediaUrl(user.avatarUrl, accountId),
  };
}

/** The same with the rest of the profile. */
export function toProfileView(user: User, accountId: string): ProfileView {
  const since = user.createdAt ? Date.parse(user.createdAt) : Number.NaN;
  return {
    ...toUserView(user, accountId),
    age: Number.isSafeInteger(user.age) ? (user.age ?? null) : null,
    since: Number.isFinite(since) ? since : null,
  };
}
