/** Calls, and the signals that are kept for their other side. */
export const calls = `
CREATE TABLE calls (
  id TEXT PRIMARY KEY,
  chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  initiator_id TEXT NOT NULL REFERENCES users (id),
  callee_id TEXT NOT NULL REFERENCES users (id),
  -- The devices that hold the call; empty for one without a name.
  initiator_device TEXT,
  callee_device TEXT,
  created_at INTEGER NOT NULL,
  answered_at INTEGER,
  ended_at INTEGER,
  -- When one of the devices was last connected.
  seen_at INTEGER NOT NULL,
  reason TEXT
) STRICT;
CREATE INDEX calls_by_initiator ON calls (initiator_id, created_at, id);
CREATE INDEX calls_by_callee ON calls (callee_id, created_at, id);
CREATE INDEX calls_by_chat ON calls (chat_id);
-- Those that are not over: few, and looked up often.
CREATE INDEX calls_open_by_time ON calls (status, created_at) WHERE ended_at IS NULL;
CREATE INDEX calls_open_by_initiator ON calls (initiator_id) WHERE ended_at IS NULL;
CREATE INDEX calls_open_by_callee ON calls (callee_id) WHERE ended_at IS NULL;

CREATE TABLE call_signals (
  call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  -- The sender's number of it.
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- The frame, as it is forwarded.
  body TEXT NOT NULL,
  PRIMARY KEY (call_id, user_id, number)
) STRICT, WITHOUT ROWID;

INSERT INTO counters (name, value) VALUES ('calls', 0);
`;
