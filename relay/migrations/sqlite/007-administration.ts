/**
 * For the administrator: how many rows were made in each hour, kept as they come and go; an order of people by when they
 * were last there; and what administrators looked at.
 */
const COUNTED = ['users', 'chats', 'messages', 'reactions', 'files', 'calls'] as const;

const hoursOf = (table: (typeof COUNTED)[number]): string => `
INSERT INTO hours (name, hour, part, value)
SELECT '${table}', created_at / 3600000, 0, COUNT(*) FROM ${table}
${table === 'users' ? `WHERE role = 'user' AND deleted_at IS NULL` : ''} GROUP BY created_at / 3600000;`;

export const administration = `
CREATE TABLE hours (
  name TEXT NOT NULL,
  -- Since the epoch.
  hour INTEGER NOT NULL,
  -- PostgreSQL's alone: 0.
  part INTEGER NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (name, hour, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX hours_by_hour ON hours (hour, name, value);
${COUNTED.map(hoursOf).join('')}
INSERT INTO hours (name, hour, part, value)
SELECT 'fileBytes', created_at / 3600000, 0, SUM(size) FROM files GROUP BY created_at / 3600000;

CREATE INDEX users_by_seen ON users (COALESCE(last_seen_at, 0), id);

CREATE TABLE audit (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  action TEXT NOT NULL,
  detail TEXT NOT NULL,
  address TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (created_at, id);
`;
