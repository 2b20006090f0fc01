/** Calls, and the signals that are kept for their other side: as in SQLite. */
export const calls = `
CREATE TABLE calls (
  id text COLLATE "C" PRIMARY KEY,
  chat_id text COLLATE "C" NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  type text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  initiator_id text COLLATE "C" NOT NULL REFERENCES users (id),
  callee_id text COLLATE "C" NOT NULL REFERENCES users (id),
  -- The devices that hold the call; empty for one without a name.
  initiator_device text COLLATE "C",
  callee_device text COLLATE "C",
  created_at bigint NOT NULL,
  answered_at bigint,
  ended_at bigint,
  -- When one of the devices was last connected.
  seen_at bigint NOT NULL,
  reason text COLLATE "C"
);
CREATE INDEX calls_by_initiator ON calls (initiator_id, created_at, id);
CREATE INDEX calls_by_callee ON calls (callee_id, created_at, id);
CREATE INDEX calls_by_chat ON calls (chat_id);
-- Those that are not over: few, and looked up often.
CREATE INDEX calls_open_by_time ON calls (status, created_at) WHERE ended_at IS NULL;
CREATE INDEX calls_open_by_initiator ON calls (initiator_id) WHERE ended_at IS NULL;
CREATE INDEX calls_open_by_callee ON calls (callee_id) WHERE ended_at IS NULL;

CREATE TABLE call_signals (
  call_id text COLLATE "C" NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
  user_id text COLLATE "C" NOT NULL,
  -- The sender's number of it.
  number bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  -- The frame, as it is forwarded.
  body text COLLATE "C" NOT NULL,
  PRIMARY KEY (call_id, user_id, number)
);
`;
