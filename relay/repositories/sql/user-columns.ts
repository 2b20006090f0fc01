/** A person's row, as the repositories give it. */
export const USER_COLUMNS = [
  'id',
  'username',
  'first_name as firstName',
  'last_name as lastName',
  'age',
  'bio',
  'avatar_url as avatarUrl',
  'password_hash as passwordHash',
  'role',
  'token_version as tokenVersion',
  'seq',
  'created_at as createdAt',
  'last_seen_at as lastSeenAt',
] as const;
