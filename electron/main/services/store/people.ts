import type { User } from '#contract/api/user.ts';
import type { UserView } from '#contract/ipc/views.ts';
import { hasVisibleText, stripBidiControls } from '#contract/model/text.ts';
import type { PersonRow, StoreContext } from './context.ts';
import { foldedWords } from '#contract/model/search-text.ts';
import { avatarMediaUrl } from '../../lib/media-id.ts';
import { millis } from './place.ts';
import { momentOrNull, text, textOrNull } from './values.ts';

type UserRow = {
  id: string;
  username: string;
  first_name: string;
  last_name: string;
  bio: string;
  avatar_url: string | null;
  last_seen_at: number | null;
};

/**
 * Stores the server's data about a person; what it leaves out stays as it was.
 * @returns whether anything that a screen shows of them has changed.
 */
export function upsertPerson(context: StoreContext, user: User): boolean {
  const known = person(context, user.id);
  const row: PersonRow = {
    id: user.id,
    username: user.username,
    firstName: user.firstName ?? known?.firstName ?? '',
    lastName: user.lastName ?? known?.lastName ?? '',
    bio: user.bio ?? known?.bio ?? '',
    // Null removes it, and one that is left out stays.
    avatarUrl: user.avatarUrl === undefined ? (known?.avatarUrl ?? null) : user.avatarUrl || null,
    lastSeenAt: millis(user.lastSeenAt, known?.lastSeenAt ?? 0) || null,
  };
  const cameOrWent = typeof user.online === 'boolean' && context.presence.get(user.id) !== user.online;
  if (typeof user.online === 'boolean') context.presence.set(user.id, user.online);
  if (
    known &&
    known.username === row.username &&
    known.firstName === row.firstName &&
    known.lastName === row.lastName &&
    known.bio === row.bio &&
    known.avatarUrl === row.avatarUrl &&
    known.lastSeenAt === row.lastSeenAt
  ) {
    return cameOrWent;
  }
  context.sql.run(
    `INSERT INTO users (id, username, first_name, last_name, bio, avatar_url, last_seen_at, folded) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET username = excluded.username, first_name = excluded.first_name,
       last_name = excluded.last_name, bio = excluded.bio,
       avatar_url = excluded.avatar_url, last_seen_at = excluded.last_seen_at, folded = excluded.folded`,
    row.id,
    row.username,
    row.firstName,
    row.lastName,
    row.bio,
    row.avatarUrl,
    row.lastSeenAt,
    foldedWords(`${row.username} ${row.firstName} ${row.lastName}`),
  );
  context.people.set(row.id, row);
  return true;
}

/** A person as stored; null if unknown. */
export function person(context: StoreContext, id: string): PersonRow | null {
  const cached = context.people.get(id);
  if (cached) return cached;
  const row = context.sql.get<UserRow>(
    'SELECT id, username, first_name, last_name, bio, avatar_url, last_seen_at FROM users WHERE id = ?',
    id,
  );
  if (!row) return null;
  const found: PersonRow = {
    id: row.id,
    username: text(row.username),
    firstName: text(row.first_name),
    lastName: text(row.last_name),
    bio: text(row.bio),
    avatarUrl: textOrNull(row.avatar_url),
    lastSeenAt: momentOrNull(row.last_seen_at),
  };
  context.people.set(id, found);
  return found;
}

/** First and last name, else the username, else the id; without characters that reorder adjacent text. */
export function personName(context: StoreContext, id: string): string {
  const known = person(context, id);
  if (!known) return id;
  const full = stripBidiControls(`${known.firstName} ${known.lastName}`).trim();
  return hasVisibleText(full) ? full : stripBidiControls(known.username) || id;
}

/** A person for the screen; an unknown one is shown by id. */
export function personView(context: StoreContext, id: string): UserView {
  const known = person(context, id);
  return {
    id,
    username: stripBidiControls(known?.username ?? id),
    name: personName(context, id),
    firstName: stripBidiControls(known?.firstName ?? ''),
    lastName: stripBidiControls(known?.lastName ?? ''),
    bio: stripBidiControls(known?.bio ?? ''),
    online: context.presence.get(id) ?? null,
    lastSeenAt: known?.lastSeenAt ?? null,
    avatarUrl: avatarMediaUrl(known?.avatarUrl, context.account),
  };
}
