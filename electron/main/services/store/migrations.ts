/**
 * The numbered steps from an empty file to today's tables. A step that was ever released is never changed: the next
 * change is the next number, with a test that migrates there from every earlier one.
 *
 * `messages.row` grows with the time of writing (see place.ts), so that "newest first" is the order of the table and of
 * the search index alike. A stored message is in at most one interval of `ranges`; inside an interval nothing is
 * missing. `outbox` also keeps what was sent: it tells a message that was stored twice from one that was said twice.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE users (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    bio TEXT NOT NULL,
    last_seen_at INTEGER,
    folded TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE chats (
    id TEXT PRIMARY KEY,
    participants TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- True until GET /chats has told of it: made from an event alone.
    stub INTEGER NOT NULL DEFAULT 0,
    -- True when the server said that it holds no message.
    empty INTEGER NOT NULL DEFAULT 0,
    last_row INTEGER,
    activity_at INTEGER NOT NULL,
    unread INTEGER NOT NULL DEFAULT 0,
    -- Everything up to here has been read; unknown (0) until the local history reaches that far back.
    read_known INTEGER NOT NULL DEFAULT 0,
    read_at REAL NOT NULL DEFAULT -1,
    read_tie TEXT NOT NULL DEFAULT '',
    -- The message that the server was last told as read.
    read_reported TEXT,
    read_wanted TEXT,
    has_files INTEGER NOT NULL DEFAULT 0,
    has_music INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;

  CREATE TABLE flags (
    chat_id TEXT PRIMARY KEY,
    pinned INTEGER NOT NULL DEFAULT 0,
    archived INTEGER NOT NULL DEFAULT 0,
    muted INTEGER NOT NULL DEFAULT 0,
    muted_until INTEGER,
    marked_unread INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;

  CREATE TABLE drafts (chat_id TEXT PRIMARY KEY, text TEXT NOT NULL, reply_to TEXT) WITHOUT ROWID;

  CREATE TABLE messages (
    row INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    id TEXT UNIQUE,
    local_id TEXT UNIQUE,
    chat_id TEXT NOT NULL,
    at REAL NOT NULL,
    tie TEXT NOT NULL,
    sender_id TEXT NOT NULL,
    mine INTEGER NOT NULL,
    content TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    reply_to TEXT,
    quote_sender TEXT,
    quote_text TEXT,
    files INTEGER NOT NULL DEFAULT 0,
    kinds INTEGER NOT NULL DEFAULT 0,
    state TEXT,
    problem TEXT,
    undecided INTEGER NOT NULL DEFAULT 0,
    double_of TEXT
  );
  CREATE INDEX messages_place ON messages (chat_id, at, tie);
  CREATE INDEX messages_unconfirmed ON messages (chat_id, at, tie) WHERE state IN ('sent', 'delivered') AND id IS NOT NULL;

  CREATE TABLE attachments (
    row INTEGER NOT NULL,
    n INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    width REAL,
    height REAL,
    duration REAL,
    PRIMARY KEY (row, n)
  ) WITHOUT ROWID;

  CREATE TABLE reactions (
    message_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    emoji TEXT NOT NULL,
    id TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (message_id, user_id, emoji)
  ) WITHOUT ROWID;

  CREATE TABLE state_times (
    row INTEGER NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (row, state)
  ) WITHOUT ROWID;

  CREATE TABLE ranges (
    chat_id TEXT NOT NULL,
    from_at REAL NOT NULL,
    from_tie TEXT NOT NULL,
    to_at REAL NOT NULL,
    to_tie TEXT NOT NULL,
    -- Nothing stands before it: the chat begins here.
    starts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (chat_id, from_at, from_tie)
  ) WITHOUT ROWID;

  CREATE TABLE outbox (
    local_id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    chat_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    content TEXT NOT NULL,
    reply_to TEXT,
    files TEXT NOT NULL DEFAULT '[]',
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    unanswered INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    anchor_id TEXT,
    anchor_at REAL NOT NULL DEFAULT -1,
    anchor_tie TEXT NOT NULL DEFAULT '',
    server_id TEXT UNIQUE,
    written_at INTEGER NOT NULL,
    queued_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX outbox_open ON outbox (chat_id, seq) WHERE state NOT IN ('sent', 'delivered', 'read');

  -- After a rescue: server ids that belong to messages of the lost database, so that no other one is bound to them.
  CREATE TABLE claimed (server_id TEXT PRIMARY KEY, local_id TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  -- How many words the person has had on it since it was written: the journal counts too, see journal.ts.
  ALTER TABLE outbox ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- What a list of chats told of a last message that it did not hold whole, as JSON: shown until the message is here.
  ALTER TABLE chats ADD COLUMN preview TEXT;

  -- Earlier versions took any number and any date from a server.
  UPDATE attachments SET size = min(max(size, 0), 1125899906842624) WHERE size < 0 OR size > 1125899906842624;

  -- Messages dated past the year 2100 or before 2000 stand after what else is known of their chat, in their old order.
  -- The server's history proves their surroundings anew.
  CREATE TEMP TABLE misdated AS
    SELECT row, chat_id, row_number() OVER (PARTITION BY chat_id ORDER BY at, tie) AS n FROM messages
    WHERE id IS NOT NULL AND at < 8.64e15 AND (at > 4102444800000 OR at < 946684800000);
  CREATE TEMP TABLE bases AS
    SELECT chat_id, coalesce(
      (SELECT max(m.at) FROM messages m WHERE m.chat_id = d.chat_id AND m.at BETWEEN 946684800000 AND 4102444800000),
      (SELECT c.created_at FROM chats c WHERE c.id = d.chat_id AND c.created_at BETWEEN 946684800000 AND 4102444800000),
      946684800000) AS at
    FROM misdated d GROUP BY chat_id;
  UPDATE messages SET at = (SELECT b.at FROM bases b WHERE b.chat_id = messages.chat_id)
      + (SELECT d.n FROM misdated d WHERE d.row = messages.row) / 2048.0
    WHERE row IN (SELECT row FROM misdated);
  DELETE FROM ranges WHERE chat_id IN (SELECT chat_id FROM bases);
  UPDATE chats SET read_at = coalesce((SELECT max(m.at) FROM messages m WHERE m.chat_id = chats.id AND m.at < 8.64e15), -1),
    read_tie = char(1114111) WHERE read_at > 4102444800000;
  UPDATE outbox SET anchor_at = coalesce((SELECT m.at FROM messages m WHERE m.id = outbox.anchor_id), -1)
    WHERE anchor_at > 4102444800000;
  UPDATE chats SET created_at = 946684800000 WHERE created_at > 4102444800000;
  UPDATE chats SET activity_at = max(created_at, coalesce(
      (SELECT cast(m.at AS INTEGER) FROM messages m WHERE m.chat_id = chats.id AND m.at < 8.64e15
       ORDER BY m.at DESC, m.tie DESC LIMIT 1), 0))
    WHERE activity_at > 4102444800000 OR id IN (SELECT chat_id FROM bases);
  -- Counts that no account can have are counted anew.
  UPDATE chats SET unread = (
    SELECT count(*) FROM messages m WHERE m.chat_id = chats.id AND m.mine = 0 AND m.at < 8.64e15
      AND (chats.read_known = 0 OR (m.at, m.tie) > (chats.read_at, chats.read_tie))
  ) WHERE typeof(unread) <> 'integer' OR unread < 0 OR unread > 1000000000;

  DROP TABLE misdated;
  DROP TABLE bases;
  `,
  `
  -- Names are folded as every search folds now. The index, whose definition is another one, is made anew after the opening.
  UPDATE users SET folded = folded_words(username || ' ' || first_name || ' ' || last_name);
  `,
  `
  ALTER TABLE users ADD COLUMN avatar_url TEXT;
  -- A blurred picture in base64; the waveform, and the other forms that the server has, as JSON lists.
  ALTER TABLE attachments ADD COLUMN thumbhash TEXT;
  ALTER TABLE attachments ADD COLUMN peaks TEXT;
  ALTER TABLE attachments ADD COLUMN variants TEXT;

  CREATE INDEX attachments_file ON attachments (id);
  -- Messages with files or links, for the side panel.
  CREATE INDEX messages_kinds ON messages (chat_id, at, tie) WHERE kinds > 0;

  -- Files on their way out: in the composer of a chat, or in the message with this local id.
  CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    chat_id TEXT NOT NULL,
    local_id TEXT,
    n INTEGER NOT NULL,
    name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    width REAL,
    height REAL,
    voice INTEGER NOT NULL,
    path TEXT NOT NULL,
    -- The file lies in our own folder and goes with the row.
    own INTEGER NOT NULL,
    -- The file as it was when it was chosen: another one is not sent in its place.
    file_size INTEGER NOT NULL,
    modified TEXT NOT NULL,
    inode TEXT NOT NULL,
    tagged INTEGER NOT NULL,
    keep_tags INTEGER NOT NULL,
    can_reduce INTEGER NOT NULL,
    reduced INTEGER NOT NULL,
    state TEXT NOT NULL,
    problem TEXT,
    session TEXT,
    file_id TEXT,
    -- What the server told of the file, as JSON.
    file TEXT,
    aside_for TEXT,
    created_at INTEGER NOT NULL,
    ready_at INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX uploads_of_message ON uploads (local_id) WHERE local_id IS NOT NULL;
  `,
  `
  -- The shared library. The words are those that are shown: the server's, or what this person calls it, see track_marks.
  CREATE TABLE tracks (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    -- What the server told of it, as JSON.
    said TEXT NOT NULL,
    title TEXT NOT NULL,
    artist TEXT,
    album TEXT,
    genre TEXT,
    year INTEGER,
    track_number INTEGER,
    duration REAL NOT NULL,
    size INTEGER NOT NULL,
    mime_type TEXT NOT NULL,
    cover INTEGER NOT NULL,
    gain REAL,
    shared_by TEXT,
    added_at INTEGER,
    -- Folded: what it is ordered, grouped and found by. Albums of one name may be several, see regroup.
    title_key TEXT NOT NULL,
    artist_key TEXT,
    album_name TEXT,
    album_key TEXT,
    words TEXT NOT NULL,
    -- Its name in the cache of media, and whether all of it is there.
    cache_name TEXT NOT NULL,
    cached INTEGER NOT NULL DEFAULT 0
  );
  -- With the words, so that a search by title reads nothing else.
  CREATE INDEX tracks_by_title ON tracks (title_key, words);
  CREATE INDEX tracks_by_added ON tracks (added_at);
  CREATE INDEX tracks_by_artist ON tracks (artist_key, album_key);
  CREATE INDEX tracks_by_album ON tracks (album_key);
  CREATE INDEX tracks_by_name ON tracks (album_name, track_number, artist_key);
  CREATE INDEX tracks_by_cache ON tracks (cache_name);

  -- What this person did with tracks. It outlasts their place in the library, and may come before it.
  CREATE TABLE track_marks (
    id TEXT PRIMARY KEY,
    plays INTEGER NOT NULL DEFAULT 0,
    played_at INTEGER,
    -- Words in place of the server's, as JSON.
    edit TEXT
  ) WITHOUT ROWID;

  CREATE TABLE playlists (id TEXT PRIMARY KEY, name TEXT NOT NULL, changed_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE playlist_tracks (
    playlist_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (playlist_id, n)
  ) WITHOUT ROWID;

  -- As the server has measured them: numbers from 0 to 1, as JSON.
  CREATE TABLE waveforms (id TEXT PRIMARY KEY, peaks TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  -- Messages that are sent later, under the local id that they will have in the outbox. Without a time: when the other one
  -- is online.
  CREATE TABLE later (
    local_id TEXT PRIMARY KEY,
    chat_id TEXT NOT NULL,
    text TEXT NOT NULL,
    reply_to TEXT,
    due_at INTEGER
  ) WITHOUT ROWID;
  `,
  `
  -- What a person keeps for themselves: written, or taken from a message.
  CREATE TABLE notes (
    id TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    chat_id TEXT,
    message_id TEXT,
    sender TEXT,
    created_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
];
