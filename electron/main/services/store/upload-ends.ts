/** The end of uploads: their message is stored, and its files are the server's. */
import type { File } from '#contract/api/file.ts';
import type { Message } from '#contract/api/message.ts';
import type { Changes } from './changes.ts';
import type { StoreContext } from './context.ts';
import { storeFiles } from './file-rows.ts';
import { deleteUploads } from './upload-rows.ts';

/** What the server told of an uploaded file; null when it is missing or damaged. */
function fileOf(json: string | null): File | null {
  if (json === null) return null;
  try {
    const file = JSON.parse(json) as Partial<Record<keyof File, unknown>> | null;
    const { id, name, mimeType, size } = file ?? {};
    const fits = [id, name, mimeType].every((text) => typeof text === 'string') && Number.isFinite(size);
    return fits ? (file as File) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Ends the uploads of a message that the server has. Where its answer omits the files, what the uploads were answered
 * with is stored in their place. @returns true when it was.
 */
export function endUploads(
  context: StoreContext,
  own: { localId: string; row: number; message: Message },
  changes: Changes,
): boolean {
  const rows = context.sql.all<{ chat_id: string; file: string | null }>(
    'SELECT chat_id, file FROM uploads WHERE local_id = ? ORDER BY n, created_at, id',
    own.localId,
  );
  const [first] = rows;
  if (!first) return false;
  deleteUploads(context, 'local_id = ?', own.localId);
  changes.uploads(first.chat_id);
  if ((own.message.attachments ?? []).length > 0) return false;
  const files = rows.flatMap(({ file }) => fileOf(file) ?? []);
  storeFiles(context, own.row, files);
  return files.length > 0;
}
