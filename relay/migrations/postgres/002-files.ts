/** Files, what they are attached to, uploads under way, pictures of people, and the music library: as in SQLite. */
export const files = `
CREATE TABLE files (
  id text COLLATE "C" PRIMARY KEY,
  owner_id text COLLATE "C" NOT NULL REFERENCES users (id),
  name text COLLATE "C" NOT NULL,
  mime_type text COLLATE "C" NOT NULL,
  size bigint NOT NULL,
  sha256 text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  -- In pixels and seconds, where the bytes have them.
  width integer,
  height integer,
  duration double precision,
  -- Base64.
  thumbhash text COLLATE "C",
  -- Base64, one byte per peak.
  peaks text COLLATE "C",
  -- Of sounds: what their tags say, as JSON.
  tags text COLLATE "C",
  -- The other forms that are kept, by blanks.
  variants text COLLATE "C" NOT NULL DEFAULT ''
);
CREATE INDEX files_by_owner ON files (owner_id, created_at);
CREATE INDEX files_by_time ON files (created_at, id);

CREATE TABLE attachments (
  message_id text COLLATE "C" NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  position integer NOT NULL,
  file_id text COLLATE "C" NOT NULL REFERENCES files (id),
  -- The message's: who may read a file is asked by it.
  chat_id text COLLATE "C" NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  PRIMARY KEY (message_id, position)
);
CREATE INDEX attachments_by_file ON attachments (file_id, chat_id);
CREATE INDEX attachments_by_chat ON attachments (chat_id);

-- The files behind people's avatar_url.
CREATE TABLE avatars (
  user_id text COLLATE "C" PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  file_id text COLLATE "C" NOT NULL REFERENCES files (id)
);
CREATE INDEX avatars_by_file ON avatars (file_id);

CREATE TABLE upload_sessions (
  id text COLLATE "C" PRIMARY KEY,
  owner_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- What the file will be called; there is no such file before the upload is complete.
  file_id text COLLATE "C" NOT NULL UNIQUE,
  name text COLLATE "C" NOT NULL,
  size bigint NOT NULL,
  -- As the sender measured them; base64, one byte per peak.
  peaks text COLLATE "C",
  -- Bytes that are certainly on disk.
  received bigint NOT NULL DEFAULT 0,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX upload_sessions_by_owner ON upload_sessions (owner_id);
CREATE INDEX upload_sessions_by_end ON upload_sessions (expires_at);

CREATE TABLE tracks (
  file_id text COLLATE "C" PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
  uploaded_by text COLLATE "C" NOT NULL REFERENCES users (id),
  title text COLLATE "C" NOT NULL,
  artist text COLLATE "C",
  album text COLLATE "C",
  year integer,
  genre text COLLATE "C",
  track_number integer,
  duration double precision NOT NULL,
  created_at bigint NOT NULL,
  -- Folded: what searches and orders compare.
  title_key text COLLATE "C" NOT NULL,
  artist_key text COLLATE "C" NOT NULL,
  album_key text COLLATE "C" NOT NULL,
  search_key text COLLATE "C" NOT NULL
);
CREATE INDEX tracks_by_title ON tracks (title_key, file_id);
CREATE INDEX tracks_by_artist ON tracks (artist_key, album_key);
CREATE INDEX tracks_by_album ON tracks (album_key);
CREATE INDEX tracks_by_time ON tracks (created_at, file_id);
`;
