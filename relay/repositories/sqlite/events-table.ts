/** The event log: numbered per user without gaps, kept for a limited time. */
import type { EventRow } from '../../records.ts';
import type { Database } from '../../storage/database.ts';
import { int, text, type Row } from '../../storage/rows.ts';
import type { Events } from '../ports.ts';

function toEvent(row: Row): EventRow {
  return { seq: int(row, 'seq'), kind: text(row, 'kind'), body: text(row, 'body') };
}

/** Maximum number of appends between two trims. */
const MAX_TRIM_EVERY = 128;

/** @param keep rows kept per user; @param keepMs how long they are kept, in milliseconds. */
export function createEvents(database: Database, keep: number, keepMs: number): Events {
  const trimEvery = Math.max(1, Math.min(MAX_TRIM_EVERY, keep));
  const next = database.prepare('UPDATE users SET seq = seq + 1 WHERE id = ? RETURNING seq');
  const current = database.prepare('SELECT seq FROM users WHERE id = ?');
  const insert = database.prepare('INSERT INTO events (user_id, seq, at, kind, body) VALUES (?, ?, ?, ?, ?)');
  const after = database.prepare(
    'SELECT seq, kind, body FROM events WHERE user_id = ? AND seq > ? ORDER BY seq LIMIT ?',
  );
  const trim = database.prepare('DELETE FROM events WHERE user_id = ? AND seq <= ?');
  // Numbers grow with time, so expired events form a prefix of the log.
  const tooOld = database.prepare('DELETE FROM events WHERE user_id = ? AND at < ?');

  return {
    append(userId, kind, body, at) {
      const row = next.get(userId);
      if (!row) throw new Error('an event for nobody');
      const seq = int(row, 'seq');
      insert.run(userId, seq, at, kind, body);
      if (seq % trimEvery === 0) {
        trim.run(userId, seq - keep);
        tooOld.run(userId, at - keepMs);
      }
      return seq;
    },
    current(userId) {
      const row = current.get(userId);
      return row ? int(row, 'seq') : 0;
    },
    after: (userId, seq, limit) => after.all(userId, seq, limit).map(toEvent),
  };
}
