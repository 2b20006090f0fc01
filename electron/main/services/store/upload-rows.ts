/**
 * Files on their way out: one row each, in the composer of a chat or in a message that waits for it. The row goes with
 * the message: what the server has stored needs none.
 */
import { ERROR_CODES, type ErrorCode } from '#contract/model/errors.ts';
import { UPLOAD_STATES, type UploadState } from '#contract/model/upload-state.ts';
import type { StoreContext } from './context.ts';
import type { Row } from './sql.ts';
import type { StagedUpload } from './staged-upload.ts';

export interface UploadRecord extends StagedUpload {
  /** The message that waits for it; null while it is in the composer. */
  localId: string | null;
  /** Its place among the others. */
  n: number;
  state: UploadState;
  problem: ErrorCode | null;
  /** The server's id of an upload that can be continued. */
  session: string | null;
  /** The server's id of the file; set exactly when it is ready. */
  fileId: string | null;
  /** Another upload that is sent in its place. */
  asideFor: string | null;
  createdAt: number;
  readyAt: number | null;
}

type UploadRow = {
  id: string;
  chat_id: string;
  local_id: string | null;
  n: number;
  name: string;
  mime_type: string;
  size: number;
  width: number | null;
  height: number | null;
  voice: number;
  path: string;
  own: number;
  file_size: number;
  modified: string;
  inode: string;
  tagged: number;
  keep_tags: number;
  can_reduce: number;
  reduced: number;
  state: string;
  problem: string | null;
  session: string | null;
  file_id: string | null;
  aside_for: string | null;
  created_at: number;
  ready_at: number | null;
};

/** All columns except what the server told of the file. */
export const UPLOAD_COLUMNS = [
  ...['id', 'chat_id', 'local_id', 'n', 'name', 'mime_type', 'size', 'width', 'height', 'voice', 'path', 'own'],
  ...['file_size', 'modified', 'inode', 'tagged', 'keep_tags', 'can_reduce', 'reduced', 'state', 'problem', 'session'],
  ...['file_id', 'aside_for', 'created_at', 'ready_at'],
] as const;

const SELECT = `SELECT ${UPLOAD_COLUMNS.join(', ')} FROM uploads`;

function recordOf(row: UploadRow): UploadRecord {
  return {
    id: row.id,
    chatId: row.chat_id,
    localId: row.local_id,
    n: row.n,
    name: row.name,
    mimeType: row.mime_type,
    size: row.size,
    width: row.width,
    height: row.height,
    voice: row.voice === 1,
    path: row.path,
    own: row.own === 1,
    identity: { size: row.file_size, modified: row.modified, inode: row.inode },
    tagged: row.tagged === 1,
    keepTags: row.keep_tags === 1,
    canReduce: row.can_reduce === 1,
    reduced: row.reduced === 1,
    state: UPLOAD_STATES.find((state) => state === row.state) ?? 'waiting',
    problem: ERROR_CODES.find((code) => code === row.problem) ?? null,
    session: row.session,
    fileId: row.file_id,
    asideFor: row.aside_for,
    createdAt: row.created_at,
    readyAt: row.ready_at,
  };
}

/** Uploads in their order. @param condition on the columns, with `?` for each of the values. */
export function uploadsWhere(context: StoreContext, condition: string, ...values: string[]): UploadRecord[] {
  return context.sql.all<UploadRow>(`${SELECT} WHERE ${condition} ORDER BY n, created_at, id`, ...values).map(recordOf);
}

/** One upload; null when there is none. */
export function findUpload(context: StoreContext, id: string): UploadRecord | null {
  return uploadsWhere(context, 'id = ?', id)[0] ?? null;
}

/** The uploads that a message waits for or has. */
export function uploadsOf(context: StoreContext, localId: string): UploadRecord[] {
  return uploadsWhere(context, 'local_id = ?', localId);
}

/** Adds a row, in the state `staging` or any other. */
export function insertUpload(
  context: StoreContext,
  upload: StagedUpload & Pick<UploadRecord, 'localId' | 'n' | 'state' | 'createdAt'>,
): void {
  context.sql.run(
    `INSERT OR IGNORE INTO uploads (id, chat_id, local_id, n, name, mime_type, size, width, height, voice, path, own, file_size,
       modified, inode, tagged, keep_tags, can_reduce, reduced, state, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    upload.id,
    upload.chatId,
    upload.localId,
    upload.n,
    upload.name,
    upload.mimeType,
    upload.size,
    upload.width,
    upload.height,
    Number(upload.voice),
    upload.path,
    Number(upload.own),
    upload.identity.size,
    upload.identity.modified,
    upload.identity.inode,
    Number(upload.tagged),
    Number(upload.keepTags),
    Number(upload.canReduce),
    Number(upload.reduced),
    upload.state,
    upload.createdAt,
  );
}

/** Sets some columns of one upload. */
export function setUpload(
  context: StoreContext,
  id: string,
  columns: Partial<Record<(typeof UPLOAD_COLUMNS)[number] | 'file', string | number | null>>,
): void {
  const names = Object.keys(columns);
  context.sql.run(
    `UPDATE uploads SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
    ...Object.values(columns),
    id,
  );
}

/** Removes uploads, and those that they stand in for. */
export function deleteUploads(context: StoreContext, condition: string, ...values: string[]): void {
  context.sql.run(
    `DELETE FROM uploads WHERE (${condition}) OR aside_for IN (SELECT id FROM uploads WHERE ${condition})`,
    ...values,
    ...values,
  );
}

/**
 * Messages that wait for files, and those with files behind them: an album does not overtake another, a text does. One
 * whose files wait for the user holds nothing back.
 */
export function waitingForFiles(context: StoreContext): string[] {
  type Waiting = Row & { local_id: string; chat_id: string; open: number; held: number };
  const rows = context.sql.all<Waiting>(
    `SELECT o.local_id, o.chat_id, max(u.state <> 'ready') AS open, max(u.state IN ('failed', 'paused')) AS held
     FROM uploads u JOIN outbox o ON o.local_id = u.local_id
     WHERE o.account = ? AND o.state NOT IN ('sent', 'delivered', 'read', 'failed') GROUP BY o.local_id ORDER BY o.seq`,
    context.account,
  );
  const behind = new Set<string>();
  return rows.flatMap(({ local_id, chat_id, open, held }) => {
    const waits = open === 1 || behind.has(chat_id);
    if (open === 1 && held === 0) behind.add(chat_id);
    return waits ? [local_id] : [];
  });
}

/** The part of a record that the journal keeps: what is needed to send the file again. */
export function stagedPart(upload: UploadRecord): StagedUpload {
  const { id, chatId, name, mimeType, size, width, height, voice, path, own, identity } = upload;
  const { tagged, keepTags, canReduce, reduced } = upload;
  const file = { id, chatId, name, mimeType, size, width, height, voice, path, own, identity };
  return { ...file, tagged, keepTags, canReduce, reduced };
}
