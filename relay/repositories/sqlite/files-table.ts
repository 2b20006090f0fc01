/** Files, and the messages they are attached to. */
import type { FileRow, TagsRow } from '../../records.ts';
import type { Database } from '../../storage/database.ts';
import { int, intOrNull, text, textOrNull, type Row } from '../../storage/rows.ts';
import type { Files } from '../ports.ts';
import { fromPeaks, toPeaks } from './peaks.ts';

/** Written below, and by nobody else. */
function toTags(json: string | null): TagsRow | null {
  return json === null ? null : (JSON.parse(json) as TagsRow);
}

function toFile(row: Row): FileRow {
  return {
    id: text(row, 'id'),
    ownerId: text(row, 'owner_id'),
    name: text(row, 'name'),
    mimeType: text(row, 'mime_type'),
    size: int(row, 'size'),
    sha256: text(row, 'sha256'),
    createdAt: int(row, 'created_at'),
    width: intOrNull(row, 'width'),
    height: intOrNull(row, 'height'),
    duration: intOrNull(row, 'duration'),
    thumbhash: textOrNull(row, 'thumbhash'),
    peaks: toPeaks(textOrNull(row, 'peaks')),
    tags: toTags(textOrNull(row, 'tags')),
    variants: text(row, 'variants')
      .split(' ')
      .filter((variant) => variant !== ''),
  };
}

export function createFiles(database: Database): Files {
  const byId = database.prepare('SELECT * FROM files WHERE id = ?');
  const byIds = database.prepare('SELECT f.* FROM json_each(?) wanted CROSS JOIN files f ON f.id = wanted.value');
  const insert = database.prepare(
    `INSERT INTO files (id, owner_id, name, mime_type, size, sha256, created_at, width, height, duration, thumbhash,
       peaks, tags, variants)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const attach = database.prepare(
    'INSERT INTO attachments (message_id, position, file_id, chat_id) VALUES (?, ?, ?, ?)',
  );
  const ofMessages = database.prepare(
    `SELECT a.message_id, f.* FROM json_each(?) wanted CROSS JOIN attachments a ON a.message_id = wanted.value
     JOIN files f ON f.id = a.file_id ORDER BY a.message_id, a.position`,
  );
  const idsOf = database.prepare('SELECT file_id FROM attachments WHERE message_id = ? ORDER BY position');
  const readable = database.prepare(
    `SELECT 1 FROM files f WHERE f.id = ?1 AND (
       f.owner_id = ?2
       OR EXISTS (SELECT 1 FROM attachments a JOIN members m ON m.chat_id = a.chat_id AND m.user_id = ?2
                  WHERE a.file_id = ?1)
       OR EXISTS (SELECT 1 FROM avatars WHERE file_id = ?1)
       OR EXISTS (SELECT 1 FROM tracks WHERE file_id = ?1))`,
  );
  const totals = database.prepare('SELECT COUNT(*) AS files, COALESCE(SUM(size), 0) AS bytes FROM files');

  const setAvatar = database.prepare(
    'INSERT INTO avatars (user_id, file_id) VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET file_id = excluded.file_id',
  );
  const removeAvatar = database.prepare('DELETE FROM avatars WHERE user_id = ?');
  const unused = database.prepare(
    `SELECT id FROM files f WHERE created_at < ?
       AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.file_id = f.id)
       AND NOT EXISTS (SELECT 1 FROM avatars v WHERE v.file_id = f.id)
       AND NOT EXISTS (SELECT 1 FROM tracks t WHERE t.file_id = f.id)
     ORDER BY created_at LIMIT ?`,
  );
  const remove = database.prepare('DELETE FROM files WHERE id = ?');
  const usage = database.prepare(
    'SELECT COALESCE(SUM(size), 0) AS bytes FROM files WHERE owner_id = ? AND created_at >= ?',
  );

  return {
    find(id) {
      const row = byId.get(id);
      return row ? toFile(row) : null;
    },
    findAll: (ids) => byIds.all(JSON.stringify(ids)).map(toFile),
    insert(file) {
      const { id, ownerId, name, mimeType, size, sha256, createdAt, width, height, duration, thumbhash } = file;
      const tags = file.tags === null ? null : JSON.stringify(file.tags);
      const more = [width, height, duration, thumbhash, fromPeaks(file.peaks), tags, file.variants.join(' ')];
      insert.run(id, ownerId, name, mimeType, size, sha256, createdAt, ...more);
    },
    attach(messageId, chatId, fileIds) {
      fileIds.forEach((fileId, position) => attach.run(messageId, position, fileId, chatId));
    },
    ofMessages: (messageIds) =>
      ofMessages
        .all(JSON.stringify(messageIds))
        .map((row) => ({ messageId: text(row, 'message_id'), file: toFile(row) })),
    idsOf: (messageId) => idsOf.all(messageId).map((row) => text(row, 'file_id')),
    isReadable: (id, userId) => readable.get(id, userId) !== undefined,
    setAvatar(userId, fileId) {
      if (fileId === null) removeAvatar.run(userId);
      else setAvatar.run(userId, fileId);
    },
    unused: (before, limit) => unused.all(before, limit).map((row) => text(row, 'id')),
    remove: (id) => void remove.run(id),
    totals() {
      const row = totals.get();
      return row ? { files: int(row, 'files'), bytes: int(row, 'bytes') } : { files: 0, bytes: 0 };
    },
    usage(ownerId, since) {
      const row = usage.get(ownerId, since);
      return row ? int(row, 'bytes') : 0;
    },
  };
}
