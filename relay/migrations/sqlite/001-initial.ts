/**
 * People, chats, messages, reactions and the event log.
 *
 * Receipts are not stored with the message: each member of a chat has two watermarks, the times up to which everything
 * was delivered and read. So reading a thousand messages is one small write.
 */
export const initial = `
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL,
  username_folded TEXT NOT NULL UNIQUE,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  age INTEGER,
  bio TEXT NOT NULL DEFAULT '',
  avatar_url TEXT NOT NULL DEFAULT '',
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('user', 'admin')),
  -- Counts changes of the password: a token made before the last one is no longer good.
  token_version INTEGER NOT NULL DEFAULT 1,
  -- The number of the last event that touched this person.
  seq INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER,
  deleted_at INTEGER
) STRICT;
CREATE INDEX users_by_time ON users (created_at, id);

-- What a person can be found by: folded words, looked up by their beginnings.
CREATE TABLE user_terms (
  term TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (term, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_terms_by_user ON user_terms (user_id);

CREATE TABLE chats (
  id TEXT PRIMARY KEY,
  -- The two people's ids in order: one chat for a pair, whoever asks first.
  pair_key TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_message_id TEXT,
  last_message_at INTEGER NOT NULL DEFAULT 0,
  message_count INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE members (
  chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id),
  delivered_at INTEGER NOT NULL DEFAULT 0,
  read_at INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (chat_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user_id, chat_id);

CREATE TABLE messages (
  id TEXT PRIMARY KEY,
  chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  sender_id TEXT NOT NULL REFERENCES users (id),
  content TEXT NOT NULL,
  reply_to_id TEXT REFERENCES messages (id),
  client_id TEXT,
  -- Strictly grows within a chat, whatever the clock does.
  created_at INTEGER NOT NULL,
  UNIQUE (chat_id, created_at)
) STRICT;
CREATE UNIQUE INDEX messages_by_key ON messages (sender_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX messages_by_time ON messages (created_at, id);
CREATE INDEX messages_by_reply ON messages (reply_to_id) WHERE reply_to_id IS NOT NULL;

CREATE TABLE reactions (
  id TEXT PRIMARY KEY,
  message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id),
  emoji TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (message_id, user_id, emoji)
) STRICT;
CREATE INDEX reactions_by_time ON reactions (created_at, id);

CREATE TABLE events (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- The message's id for message:new (its words are stored once), the frame's data for the others.
  body TEXT NOT NULL,
  PRIMARY KEY (user_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters (name, value) VALUES ('commits', 0);
`;
