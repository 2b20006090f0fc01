/** Users and their search terms. */
import { afterPrefix, foldUsername, searchTerms } from '../../folding.ts';
import type { UserRow } from '../../records.ts';
import type { Database } from '../../storage/database.ts';
import { int, intOrNull, text, type Row } from '../../storage/rows.ts';
import type { Users } from '../ports.ts';

function toUser(row: Row): UserRow {
  return {
    id: text(row, 'id'),
    username: text(row, 'username'),
    firstName: text(row, 'first_name'),
    lastName: text(row, 'last_name'),
    age: intOrNull(row, 'age'),
    bio: text(row, 'bio'),
    avatarUrl: text(row, 'avatar_url'),
    passwordHash: text(row, 'password_hash'),
    role: text(row, 'role') === 'admin' ? 'admin' : 'user',
    tokenVersion: int(row, 'token_version'),
    seq: int(row, 'seq'),
    createdAt: int(row, 'created_at'),
    lastSeenAt: intOrNull(row, 'last_seen_at'),
  };
}

export function createUsers(database: Database): Users {
  const byIds = database.prepare('SELECT u.* FROM json_each(?) wanted CROSS JOIN users u ON u.id = wanted.value');
  const aliveById = database.prepare('SELECT * FROM users WHERE id = ? AND deleted_at IS NULL');
  const byName = database.prepare('SELECT * FROM users WHERE username_folded = ? AND deleted_at IS NULL');
  const nameTaken = database.prepare('SELECT 1 FROM users WHERE username_folded = ?');
  const insert = database.prepare(
    `INSERT INTO users (id, username, username_folded, first_name, last_name, age, bio, password_hash, role, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertTerm = database.prepare('INSERT OR IGNORE INTO user_terms (term, user_id) VALUES (?, ?)');
  const nextTerms = database.prepare(
    `SELECT term, user_id FROM user_terms WHERE (term, user_id) > (?, ?) AND term < ?
     ORDER BY term, user_id LIMIT ?`,
  );
  const deleteTerms = database.prepare('DELETE FROM user_terms WHERE user_id = ?');
  const update = database.prepare(
    'UPDATE users SET first_name = ?, last_name = ?, bio = ?, avatar_url = ? WHERE id = ?',
  );
  const setPassword = database.prepare(
    'UPDATE users SET password_hash = ?, token_version = token_version + 1 WHERE id = ?',
  );
  const setSeen = database.prepare('UPDATE users SET last_seen_at = ? WHERE id = ?');
  const page = database.prepare(
    `SELECT * FROM users WHERE role = 'user' AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`,
  );
  const count = database.prepare(`SELECT COUNT(*) AS n FROM users WHERE role = 'user' AND deleted_at IS NULL`);
  const admin = database.prepare(`SELECT * FROM users WHERE role = 'admin' AND deleted_at IS NULL ORDER BY created_at`);

  function indexTerms(user: { id: string; username: string; firstName: string; lastName: string }): void {
    deleteTerms.run(user.id);
    for (const term of searchTerms(user)) insertTerm.run(term, user.id);
  }

  function find(id: string): UserRow | null {
    const row = aliveById.get(id);
    return row ? toUser(row) : null;
  }

  return {
    find,
    findAllEver: (ids) => byIds.all(JSON.stringify(ids)).map(toUser),
    findByName(username) {
      const row = byName.get(foldUsername(username));
      return row ? toUser(row) : null;
    },
    isNameTaken: (username) => nameTaken.get(foldUsername(username)) !== undefined,
    findAdmin() {
      const row = admin.get();
      return row ? toUser(row) : null;
    },
    insert(user) {
      const { id, username, firstName, lastName, age, bio, passwordHash, role, createdAt } = user;
      insert.run(id, username, foldUsername(username), firstName, lastName, age, bio, passwordHash, role, createdAt);
      // The administrator is a role, not a person to write to, so it is not searchable.
      if (role === 'user') indexTerms(user);
    },
    update(id, change) {
      const before = find(id);
      if (!before) return null;
      const after = { ...before, ...change };
      update.run(after.firstName, after.lastName, after.bio, after.avatarUrl, id);
      if (after.role === 'user') indexTerms(after);
      return after;
    },
    setPassword: (id, hash) => void setPassword.run(hash, id),
    setSeen: (id, at) => void setSeen.run(at, id),
    match(prefix, others, after, limit) {
      const places = nextTerms.all(after.term, after.userId, afterPrefix(prefix), limit);
      const end = places.at(-1);
      if (!end) return { found: [], last: null };
      const last = { term: text(end, 'term'), userId: text(end, 'user_id') };
      const also = others.map(
        () => 'AND EXISTS (SELECT 1 FROM user_terms o WHERE o.user_id = u.id AND o.term >= ? AND o.term < ?)',
      );
      const statement = database.prepare(
        `SELECT u.id, u.username_folded FROM user_terms t JOIN users u ON u.id = t.user_id
         WHERE (t.term, t.user_id) > (?, ?) AND (t.term, t.user_id) <= (?, ?) AND u.deleted_at IS NULL ${also.join(' ')}`,
      );
      const ranges = others.flatMap((word) => [word, afterPrefix(word)]);
      const found = statement
        .all(after.term, after.userId, last.term, last.userId, ...ranges)
        .map((row) => ({ id: text(row, 'id'), usernameFolded: text(row, 'username_folded') }));
      return { found, last: places.length < limit ? null : last };
    },
    page: (limit, offset) => page.all(limit, offset).map(toUser),
    count() {
      const row = count.get();
      return row ? int(row, 'n') : 0;
    },
  };
}
