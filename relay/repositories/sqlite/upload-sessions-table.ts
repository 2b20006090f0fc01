/** Uploads in parts. */
import type { UploadSessionRow } from '../../records.ts';
import type { Database } from '../../storage/database.ts';
import { int, text, textOrNull, type Row } from '../../storage/rows.ts';
import type { UploadSessions } from '../ports.ts';
import { fromPeaks, toPeaks } from './peaks.ts';

function toSession(row: Row): UploadSessionRow {
  return {
    id: text(row, 'id'),
    ownerId: text(row, 'owner_id'),
    fileId: text(row, 'file_id'),
    name: text(row, 'name'),
    size: int(row, 'size'),
    peaks: toPeaks(textOrNull(row, 'peaks')),
    received: int(row, 'received'),
    createdAt: int(row, 'created_at'),
    expiresAt: int(row, 'expires_at'),
  };
}

export function createUploadSessions(database: Database): UploadSessions {
  const byId = database.prepare('SELECT * FROM upload_sessions WHERE id = ?');
  const insert = database.prepare(
    `INSERT INTO upload_sessions (id, owner_id, file_id, name, size, peaks, received, created_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const advance = database.prepare(
    'UPDATE upload_sessions SET received = ?, expires_at = ? WHERE id = ? AND received <= ?',
  );
  const remove = database.prepare('DELETE FROM upload_sessions WHERE id = ?');
  const pending = database.prepare(
    `SELECT COUNT(*) AS uploads, COALESCE(SUM(size), 0) AS bytes FROM upload_sessions s
     WHERE owner_id = ? AND NOT EXISTS (SELECT 1 FROM files f WHERE f.id = s.file_id)`,
  );
  const expired = database.prepare('SELECT * FROM upload_sessions WHERE expires_at <= ? ORDER BY expires_at LIMIT ?');
  const awaited = database.prepare(
    'SELECT s.file_id FROM json_each(?) wanted CROSS JOIN upload_sessions s ON s.file_id = wanted.value',
  );

  return {
    find(id) {
      const row = byId.get(id);
      return row ? toSession(row) : null;
    },
    insert({ id, ownerId, fileId, name, size, peaks, received, createdAt, expiresAt }) {
      insert.run(id, ownerId, fileId, name, size, fromPeaks(peaks), received, createdAt, expiresAt);
    },
    advance: (id, received, expiresAt) => void advance.run(received, expiresAt, id, received),
    remove: (id) => void remove.run(id),
    pending(ownerId) {
      const row = pending.get(ownerId);
      return row ? { uploads: int(row, 'uploads'), bytes: int(row, 'bytes') } : { uploads: 0, bytes: 0 };
    },
    expired: (now, limit) => expired.all(now, limit).map(toSession),
    awaited: (fileIds) => awaited.all(JSON.stringify(fileIds)).map((row) => text(row, 'file_id')),
  };
}
