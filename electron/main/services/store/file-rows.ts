/** The files of messages: as the server lists them, and as the filters need them. */
import type { File } from '#contract/api/file.ts';
import type { Message } from '#contract/api/message.ts';
import type { StoreContext } from './context.ts';
import { indexMessage, KINDS, kindsOf, unindexMessage } from './index-rows.ts';
import { storedIds } from './stored-ids.ts';

/** Ids of the files of a pending message; none if the row is invalid. */
export function fileIds(context: StoreContext, localId: string, json: string): string[] {
  return storedIds(context, json, 'store.files_unreadable', { localId });
}

/** Stores a message's files in place of those that its row had. */
export function storeFiles(context: StoreContext, row: number, files: readonly File[]): void {
  context.sql.run('DELETE FROM attachments WHERE row = ?', row);
  files.forEach((file, n) => {
    context.sql.run(
      `INSERT INTO attachments (row, n, id, name, mime_type, size, width, height, duration, thumbhash, peaks, variants)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row,
      n,
      file.id,
      file.name,
      file.mimeType,
      file.size,
      file.width ?? null,
      file.height ?? null,
      file.duration ?? null,
      file.thumbhash ?? null,
      file.peaks ? JSON.stringify(file.peaks) : null,
      file.variants ? JSON.stringify(file.variants) : null,
    );
  });
}

/** Gives a pending message files that the server has, as they are known here. @returns the types of all of them. */
export function copyAttachments(context: StoreContext, row: number, files: readonly string[]): string[] {
  return files.map((id, n) => {
    context.sql.run(
      `INSERT INTO attachments (row, n, id, name, mime_type, size, width, height, duration, thumbhash, peaks, variants)
       SELECT ?, ?, id, name, mime_type, size, width, height, duration, thumbhash, peaks, variants FROM attachments WHERE id = ?
       UNION ALL
       SELECT ?, ?, id, title, mime_type, size, NULL, NULL, duration, NULL, NULL, iif(cover, '["cover"]', NULL)
       FROM tracks WHERE id = ? LIMIT 1`,
      row,
      n,
      id,
      row,
      n,
      id,
    );
    const copied = context.sql.get<{ mime_type: string }>(
      'SELECT mime_type FROM attachments WHERE row = ? AND n = ?',
      row,
      n,
    );
    return copied?.mime_type ?? '';
  });
}

/**
 * Stores the files that come with a known message; true when it had others or none, or the server knows more of them
 * now. An answer without files proves nothing: some servers omit them.
 */
export function takeFiles(context: StoreContext, row: number, message: Message): boolean {
  const listed = message.attachments ?? [];
  if (listed.length === 0) return false;
  const known = context.sql.all<{ id: string; variants: string | null }>(
    'SELECT id, variants FROM attachments WHERE row = ? ORDER BY n',
    row,
  );
  const isSame = ({ id, variants }: (typeof known)[number], n: number): boolean =>
    id === listed[n]?.id && (!listed[n].variants || JSON.stringify(listed[n].variants) === variants);
  if (known.length === listed.length && known.every(isSame)) return false;
  storeFiles(context, row, listed);
  return true;
}

/** Marks that the chat's media views have something to show. */
export function noteKinds(context: StoreContext, chatId: string, kinds: number): void {
  if ((kinds & KINDS.file) === 0) return;
  context.sql.run(
    'UPDATE chats SET has_files = 1, has_music = max(has_music, ?) WHERE id = ?',
    kinds & KINDS.audio ? 1 : 0,
    chatId,
  );
}

/** Stores the text of a message that has not left, and reindexes it together with the files that it will have. */
export function storePending(
  context: StoreContext,
  own: { row: number; chatId: string; localId: string },
  content: string,
): void {
  const { row, chatId } = own;
  const types = context.sql.all<{ mime_type: string }>(
    'SELECT mime_type FROM uploads WHERE local_id = ? UNION ALL SELECT mime_type FROM attachments WHERE row = ?',
    own.localId,
    row,
  );
  const kinds = kindsOf(
    content,
    types.map((file) => file.mime_type),
  );
  context.sql.run(
    'UPDATE messages SET content = ?, files = ?, kinds = ? WHERE row = ?',
    content,
    types.length,
    kinds,
    row,
  );
  unindexMessage(context, row);
  indexMessage(context, { row, content, chatId, senderId: context.me, kinds });
}

/** Stores a row's text, and recounts and reindexes it together with its stored files. */
export function storeContent(
  context: StoreContext,
  own: { row: number; chat_id: string; sender_id: string },
  content: string,
): void {
  const types = context.sql
    .all<{ mime_type: string }>('SELECT mime_type FROM attachments WHERE row = ?', own.row)
    .map((file) => file.mime_type);
  const kinds = kindsOf(content, types);
  context.sql.run(
    'UPDATE messages SET content = ?, files = ?, kinds = ? WHERE row = ?',
    content,
    types.length,
    kinds,
    own.row,
  );
  unindexMessage(context, own.row);
  indexMessage(context, { row: own.row, content, chatId: own.chat_id, senderId: own.sender_id, kinds });
  noteKinds(context, own.chat_id, kinds);
}
