/** For the administrator, as in SQLite; the numbers of an hour have parts, as the counters have. */
const COUNTED = ['users', 'chats', 'messages', 'reactions', 'files', 'calls'] as const;

const hoursOf = (table: (typeof COUNTED)[number]): string => `
INSERT INTO hours (name, hour, part, value)
SELECT '${table}', created_at / 3600000, 0, COUNT(*) FROM ${table}
${table === 'users' ? `WHERE role = 'user' AND deleted_at IS NULL` : ''} GROUP BY created_at / 3600000;`;

export const administration = `
CREATE TABLE hours (
  name text COLLATE "C" NOT NULL,
  -- Since the epoch.
  hour bigint NOT NULL,
  part integer NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (name, hour, part)
);
CREATE INDEX hours_by_hour ON hours (hour, name);
${COUNTED.map(hoursOf).join('')}
INSERT INTO hours (name, hour, part, value)
SELECT 'fileBytes', created_at / 3600000, 0, SUM(size) FROM files GROUP BY created_at / 3600000;

CREATE INDEX users_by_seen ON users (COALESCE(last_seen_at, 0), id);

CREATE TABLE audit (
  id text COLLATE "C" PRIMARY KEY,
  user_id text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  detail text COLLATE "C" NOT NULL,
  address text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL
);
CREATE INDEX audit_by_time ON audit (created_at, id);
`;
