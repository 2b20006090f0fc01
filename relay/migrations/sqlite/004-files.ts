/** Files, what they are attached to, uploads under way, pictures of people, and the music library. */
export const files = `
CREATE TABLE files (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  mime_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- In pixels and seconds, where the bytes have them.
  width INTEGER,
  height INTEGER,
  duration REAL,
  -- Base64.
  thumbhash TEXT,
  -- Base64, one byte per peak.
  peaks TEXT,
  -- Of sounds: what their tags say, as JSON.
  tags TEXT,
  -- The other forms that are kept, by blanks.
  variants TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX files_by_owner ON files (owner_id, created_at);
CREATE INDEX files_by_time ON files (created_at, id);

CREATE TABLE attachments (
  message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  file_id TEXT NOT NULL REFERENCES files (id),
  -- The message's: who may read a file is asked by it.
  chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  PRIMARY KEY (message_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachments_by_file ON attachments (file_id, chat_id);
CREATE INDEX attachments_by_chat ON attachments (chat_id);

-- The files behind people's avatar_url.
CREATE TABLE avatars (
  user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  file_id TEXT NOT NULL REFERENCES files (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX avatars_by_file ON avatars (file_id);

CREATE TABLE upload_sessions (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- What the file will be called; there is no such file before the upload is complete.
  file_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  -- As the sender measured them; base64, one byte per peak.
  peaks TEXT,
  -- Bytes that are certainly on disk.
  received INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_sessions_by_owner ON upload_sessions (owner_id);
CREATE INDEX upload_sessions_by_end ON upload_sessions (expires_at);

CREATE TABLE tracks (
  file_id TEXT PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
  uploaded_by TEXT NOT NULL REFERENCES users (id),
  title TEXT NOT NULL,
  artist TEXT,
  album TEXT,
  year INTEGER,
  genre TEXT,
  track_number INTEGER,
  duration REAL NOT NULL,
  created_at INTEGER NOT NULL,
  -- Folded: what searches and orders compare.
  title_key TEXT NOT NULL,
  artist_key TEXT NOT NULL,
  album_key TEXT NOT NULL,
  search_key TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tracks_by_title ON tracks (title_key, file_id);
CREATE INDEX tracks_by_artist ON tracks (artist_key, album_key);
CREATE INDEX tracks_by_album ON tracks (album_key);
CREATE INDEX tracks_by_time ON tracks (created_at, file_id);
`;
