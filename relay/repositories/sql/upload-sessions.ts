/** UploadSessions in parts. */
import type { UploadSessionRow } from '../../records.ts';
import type { UploadSessions } from '../ports.ts';
import type { Dialect, List } from './dialect.ts';
import { fromPeaks, toPeaks } from './peaks.ts';
import { prepare, type Session } from './statement.ts';

const COLUMNS = [
  'id',
  'owner_id as ownerId',
  'file_id as fileId',
  'name',
  'size',
  'peaks',
  'received',
  'created_at as createdAt',
  'expires_at as expiresAt',
] as const;

/** A row as it is stored: peaks are bytes in base64. */
type StoredUpload = Omit<UploadSessionRow, 'peaks'> & { peaks: string | null };

function toUpload(row: StoredUpload): UploadSessionRow {
  return { ...row, peaks: toPeaks(row.peaks) };
}

function prepareAll({ builder, isAmong }: Dialect) {
  const uploads = builder.selectFrom('upload_sessions').select(COLUMNS);
  return {
    byId: prepare((p: { id: string }) => uploads.where('id', '=', p.id)),
    pending: prepare((p: { ownerId: string }) =>
      builder
        .selectFrom('upload_sessions as s')
        .select((eb) => [
          eb.fn.countAll<number>().as('uploads'),
          eb.fn.coalesce(eb.fn.sum<number>('s.size'), eb.val(0)).as('bytes'),
        ])
        .where('s.owner_id', '=', p.ownerId)
        .where((eb) =>
          eb.not(eb.exists(eb.selectFrom('files').select('files.id').whereRef('files.id', '=', 's.file_id'))),
        ),
    ),
    expired: prepare((p: { now: number; limit: number }) =>
      uploads.where('expires_at', '<=', p.now).orderBy('expires_at').limit(p.limit),
    ),
    awaited: prepare((p: { ids: List }) =>
      builder.selectFrom('upload_sessions').select('file_id as id').where(isAmong('file_id', p.ids)),
    ),
    insert: prepare((p: StoredUpload) =>
      builder.insertInto('upload_sessions').values({
        id: p.id,
        owner_id: p.ownerId,
        file_id: p.fileId,
        name: p.name,
        size: p.size,
        peaks: p.peaks,
        received: p.received,
        created_at: p.createdAt,
        expires_at: p.expiresAt,
      }),
    ),
    advance: prepare((p: { id: string; received: number; expiresAt: number }) =>
      builder
        .updateTable('upload_sessions')
        .set({ received: p.received, expires_at: p.expiresAt })
        .where('id', '=', p.id)
        .where('received', '<=', p.received),
    ),
    remove: prepare((p: { id: string }) => builder.deleteFrom('upload_sessions').where('id', '=', p.id)),
  };
}

/** Prepares the statements; the result makes the repository for a session. */
export function uploadSessionsOn(dialect: Dialect): (session: Session) => UploadSessions {
  const statements = prepareAll(dialect);
  return (session) => ({
    async find(id) {
      const row = await statements.byId.first(session, { id });
      return row && toUpload(row);
    },
    pending: async (ownerId) => (await statements.pending.first(session, { ownerId })) ?? { uploads: 0, bytes: 0 },
    expired: async (now, limit) => (await statements.expired.all(session, { now, limit })).map(toUpload),
    awaited: async (fileIds) =>
      (await statements.awaited.all(session, { ids: dialect.list(fileIds) })).map(({ id }) => id),
    async insert(upload) {
      await statements.insert.run(session, { ...upload, peaks: fromPeaks(upload.peaks) });
    },
    advance: async (id, received, expiresAt) =>
      void (await statements.advance.run(session, { id, received, expiresAt })),
    remove: async (id) => void (await statements.remove.run(session, { id })),
  });
}
