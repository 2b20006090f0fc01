/**
 * The whole schema at the time PostgreSQL was added: what the first three steps and the fifth make of a
 * SQLite file.
 *
 * Text is compared by its bytes (`COLLATE "C"`), as in SQLite: the order of ids, names and search terms is then the same
 * on every server, and prefixes are ranges of an index.
 */
export const initial = `
CREATE TABLE users (
  id text COLLATE "C" PRIMARY KEY,
  username text COLLATE "C" NOT NULL,
  username_folded text COLLATE "C" NOT NULL UNIQUE,
  first_name text COLLATE "C" NOT NULL,
  last_name text COLLATE "C" NOT NULL,
  age integer,
  bio text COLLATE "C" NOT NULL DEFAULT '',
  avatar_url text COLLATE "C" NOT NULL DEFAULT '',
  password_hash text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL CHECK (role IN ('user', 'admin')),
  -- Counts changes of the password: a token made before the last one is no longer good.
  token_version bigint NOT NULL DEFAULT 1,
  -- The number of the last event that touched this person.
  seq bigint NOT NULL DEFAULT 0,
  created_at bigint NOT NULL,
  last_seen_at bigint,
  deleted_at bigint,
  -- The username as people search for it.
  search_name text COLLATE "C" NOT NULL
);
CREATE INDEX users_by_search ON users (search_name, username_folded);
CREATE INDEX users_by_time ON users (created_at, id);

-- What a person can be found by: folded words, looked up by their beginnings.
CREATE TABLE user_terms (
  term text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (term, user_id)
);
CREATE INDEX user_terms_by_user ON user_terms (user_id);

CREATE TABLE chats (
  id text COLLATE "C" PRIMARY KEY,
  -- The two people's ids in order: one chat for a pair, whoever asks first.
  pair_key text COLLATE "C" NOT NULL UNIQUE,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  last_message_id text COLLATE "C",
  last_message_at bigint NOT NULL DEFAULT 0,
  message_count bigint NOT NULL DEFAULT 0
);

CREATE TABLE members (
  chat_id text COLLATE "C" NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  user_id text COLLATE "C" NOT NULL REFERENCES users (id),
  delivered_at bigint NOT NULL DEFAULT 0,
  read_at bigint NOT NULL DEFAULT 0,
  unread bigint NOT NULL DEFAULT 0,
  -- The chat's updated_at: orders a person's chats.
  active_at bigint NOT NULL DEFAULT 0,
  -- Messages that this person sent here.
  sent bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (chat_id, user_id)
);
CREATE INDEX members_by_activity ON members (user_id, active_at, chat_id);

CREATE TABLE messages (
  id text COLLATE "C" PRIMARY KEY,
  chat_id text COLLATE "C" NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  sender_id text COLLATE "C" NOT NULL REFERENCES users (id),
  content text COLLATE "C" NOT NULL,
  reply_to_id text COLLATE "C" REFERENCES messages (id),
  client_id text COLLATE "C",
  -- Strictly grows within a chat, whatever the clock does.
  created_at bigint NOT NULL,
  -- The number of the message in its chat, and among the messages of its sender there; both begin with 1.
  number bigint NOT NULL,
  sender_number bigint NOT NULL,
  UNIQUE (chat_id, created_at)
);
CREATE UNIQUE INDEX messages_by_number ON messages (chat_id, number);
CREATE UNIQUE INDEX messages_by_key ON messages (sender_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX messages_by_time ON messages (created_at, id);
CREATE INDEX messages_by_reply ON messages (reply_to_id) WHERE reply_to_id IS NOT NULL;

CREATE TABLE reactions (
  id text COLLATE "C" PRIMARY KEY,
  message_id text COLLATE "C" NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  user_id text COLLATE "C" NOT NULL REFERENCES users (id),
  emoji text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  UNIQUE (message_id, user_id, emoji)
);
CREATE INDEX reactions_by_time ON reactions (created_at, id);

CREATE TABLE events (
  user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  seq bigint NOT NULL,
  at bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  -- The message's id for message:new (its words are stored once), the frame's data for the others.
  body text COLLATE "C" NOT NULL,
  PRIMARY KEY (user_id, seq)
);

-- Rows there are, kept as they come and go. Each is the sum of several parts, so that writes at the same time seldom
-- change the same one.
CREATE TABLE counters (
  name text COLLATE "C" NOT NULL,
  part integer NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (name, part)
);

CREATE TABLE meta (
  name text COLLATE "C" PRIMARY KEY,
  value text COLLATE "C" NOT NULL
);
`;
