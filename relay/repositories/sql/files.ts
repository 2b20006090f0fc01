/** Files, and the messages they are attached to. */
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { FileRow, FileTagsRow } from '../../records.ts';
import type { Files, TimePlace } from '../ports.ts';
import type { Schema } from '../schema.ts';
import type { Dialect, List, Tally } from './dialect.ts';
import { fromPeaks, toPeaks } from './peaks.ts';
import { prepare, type Session } from './statement.ts';

const COLUMNS = [
  'files.id',
  'files.owner_id as ownerId',
  'files.name',
  'files.mime_type as mimeType',
  'files.size',
  'files.sha256',
  'files.created_at as createdAt',
  'files.width',
  'files.height',
  'files.duration',
  'files.thumbhash',
  'files.peaks',
  'files.tags',
  'files.variants',
] as const;

/** A row as it is stored: peaks are the bytes in base64, tags are JSON, variants a list by blanks. */
type StoredFile = Omit<FileRow, 'peaks' | 'tags' | 'variants'> & {
  peaks: string | null;
  tags: string | null;
  variants: string;
};

/** Written below, and by nobody else. */
function toTags(json: string | null): FileTagsRow | null {
  return json === null ? null : (JSON.parse(json) as FileTagsRow);
}

function toFile(row: StoredFile): FileRow {
  return {
    ...row,
    peaks: toPeaks(row.peaks),
    tags: toTags(row.tags),
    variants: row.variants.split(' ').filter((variant) => variant !== ''),
  };
}

/** Before every file. */
const START: TimePlace = { createdAt: -1, id: '' };

/** Attached nowhere, nobody's picture, and in no library. */
function isUnused(eb: ExpressionBuilder<Schema, 'files'>): Expression<SqlBool> {
  return eb.and([
    eb.not(eb.exists(eb.selectFrom('attachments').select('chat_id').whereRef('attachments.file_id', '=', 'files.id'))),
    eb.not(eb.exists(eb.selectFrom('avatars').select('user_id').whereRef('avatars.file_id', '=', 'files.id'))),
    eb.not(eb.exists(eb.selectFrom('tracks').select('title').whereRef('tracks.file_id', '=', 'files.id'))),
  ]);
}

function prepareReads({ builder, isAmong }: Dialect) {
  const files = builder.selectFrom('files').select(COLUMNS);
  return {
    byId: prepare((p: { id: string }) => files.where('id', '=', p.id)),
    byIds: prepare((p: { ids: List }) => files.where(isAmong('id', p.ids))),
    ofMessages: prepare((p: { ids: List }) =>
      builder
        .selectFrom('attachments as a')
        .innerJoin('files', 'files.id', 'a.file_id')
        .select('a.message_id as messageId')
        .select(COLUMNS)
        .where(isAmong('a.message_id', p.ids))
        .orderBy('a.message_id')
        .orderBy('a.position'),
    ),
    idsOf: prepare((p: { messageId: string }) =>
      builder
        .selectFrom('attachments')
        .select('file_id as id')
        .where('message_id', '=', p.messageId)
        .orderBy('position'),
    ),
    readable: prepare((p: { id: string; userId: string }) =>
      builder
        .selectFrom('files')
        .select('id')
        .where('id', '=', p.id)
        .where((eb) =>
          eb.or([
            eb('owner_id', '=', p.userId),
            eb.exists(
              eb
                .selectFrom('attachments as a')
                .innerJoin('members as m', 'm.chat_id', 'a.chat_id')
                .select('a.file_id')
                .where('a.file_id', '=', p.id)
                .where('m.user_id', '=', p.userId),
            ),
            eb.exists(eb.selectFrom('avatars').select('avatars.file_id').where('avatars.file_id', '=', p.id)),
            eb.exists(eb.selectFrom('tracks').select('tracks.file_id').where('tracks.file_id', '=', p.id)),
          ]),
        ),
    ),
    // Each is looked at once: those in use stay, however many they are.
    unused: prepare((p: TimePlace & { before: number; limit: number }) =>
      builder
        .selectFrom('files')
        .select(['id', 'created_at as createdAt'])
        .select((eb) => eb.case().when(isUnused(eb)).then(1).else(0).end().as('unused'))
        .where((eb) => eb(eb.refTuple('created_at', 'id'), '>', eb.tuple(p.createdAt, p.id)))
        .where('created_at', '<', p.before)
        .orderBy('created_at')
        .orderBy('id')
        .limit(p.limit),
    ),
    usage: prepare((p: { ownerId: string; since: number }) =>
      builder
        .selectFrom('files')
        .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('size'), eb.val(0)).as('bytes'))
        .where('owner_id', '=', p.ownerId)
        .where('created_at', '>=', p.since),
    ),
  };
}

function prepareWrites({ builder, isAmong }: Dialect) {
  return {
    insert: prepare((p: StoredFile) =>
      builder.insertInto('files').values({
        id: p.id,
        owner_id: p.ownerId,
        name: p.name,
        mime_type: p.mimeType,
        size: p.size,
        sha256: p.sha256,
        created_at: p.createdAt,
        width: p.width,
        height: p.height,
        duration: p.duration,
        thumbhash: p.thumbhash,
        peaks: p.peaks,
        tags: p.tags,
        variants: p.variants,
      }),
    ),
    attach: prepare((p: { messageId: string; position: number; fileId: string; chatId: string }) =>
      builder
        .insertInto('attachments')
        .values({ message_id: p.messageId, position: p.position, file_id: p.fileId, chat_id: p.chatId }),
    ),
    setAvatar: prepare((p: { userId: string; fileId: string }) =>
      builder
        .insertInto('avatars')
        .values({ user_id: p.userId, file_id: p.fileId })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ file_id: p.fileId })),
    ),
    removeAvatar: prepare((p: { userId: string }) => builder.deleteFrom('avatars').where('user_id', '=', p.userId)),
    remove: prepare((p: { id: string }) =>
      builder.deleteFrom('files').where('id', '=', p.id).returning(['size', 'created_at as createdAt']),
    ),
    removeUnused: prepare((p: { ids: List }) =>
      builder
        .deleteFrom('files')
        .where(isAmong('id', p.ids))
        .where(isUnused)
        .returning(['id', 'size', 'created_at as createdAt']),
    ),
  };
}

/** Prepares the statements; the result makes the repository for a session. */
export function filesOn(dialect: Dialect): (session: Session, tally: Tally) => Files {
  const reads = prepareReads(dialect);
  const writes = prepareWrites(dialect);
  return (session, tally) => {
    function tallyRemoved(removed: readonly { size: number; createdAt: number }[]): void {
      for (const { size, createdAt } of removed) {
        tally('files', -1, createdAt);
        tally('fileBytes', -size, createdAt);
      }
    }

    return {
      async find(id) {
        const row = await reads.byId.first(session, { id });
        return row && toFile(row);
      },
      findAll: async (ids) => (await reads.byIds.all(session, { ids: dialect.list(ids) })).map(toFile),
      async ofMessages(messageIds) {
        const rows = await reads.ofMessages.all(session, { ids: dialect.list(messageIds) });
        return rows.map(({ messageId, ...row }) => ({ messageId, file: toFile(row) }));
      },
      idsOf: async (messageId) => (await reads.idsOf.all(session, { messageId })).map(({ id }) => id),
      isReadable: async (id, userId) => (await reads.readable.first(session, { id, userId })) !== null,
      async unused(after, before, limit) {
        const scanned = await reads.unused.all(session, { ...(after ?? START), before, limit });
        const last = scanned.length < limit ? null : (scanned.at(-1) ?? null);
        const found = scanned.filter(({ unused }) => unused === 1).map(({ id }) => id);
        return { found, last: last && { createdAt: last.createdAt, id: last.id } };
      },
      usage: async (ownerId, since) => (await reads.usage.first(session, { ownerId, since }))?.bytes ?? 0,
      lock: (ownerId) => dialect.lockUser(session, ownerId),
      async insert(file) {
        const tags = file.tags && JSON.stringify(file.tags);
        const stored = { ...file, peaks: fromPeaks(file.peaks), tags, variants: file.variants.join(' ') };
        await writes.insert.run(session, stored);
        tally('files', 1, file.createdAt);
        tally('fileBytes', file.size, file.createdAt);
      },
      async attach(messageId, chatId, fileIds) {
        for (const [position, fileId] of fileIds.entries()) {
          await writes.attach.run(session, { messageId, position, fileId, chatId });
        }
      },
      async setAvatar(userId, fileId) {
        if (fileId === null) await writes.removeAvatar.run(session, { userId });
        else await writes.setAvatar.run(session, { userId, fileId });
      },
      remove: async (id) => tallyRemoved(await writes.remove.all(session, { id })),
      async removeUnused(ids) {
        // From here on nobody begins to use them; whoever began before is seen by the next statement.
        const locked = await dialect.lockFiles(session, ids);
        const removed = await writes.removeUnused.all(session, { ids: dialect.list(locked) });
        tallyRemoved(removed);
        return removed.map(({ id }) => id);
      },
    };
  };
}
