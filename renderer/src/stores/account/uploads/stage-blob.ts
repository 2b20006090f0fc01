/** Hands bytes that have no path to main, piece by piece: pasted pictures, recordings, pictures made smaller here. */
import type { UploadView } from '#contract/ipc/file-views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { MAX_CHUNK_BYTES, MAX_STAGED_BYTES } from '#contract/model/limits.ts';
import type { AccountAsk, AccountInput } from '../account-bridge.ts';

export interface BlobFile {
  blob: Blob;
  name: string;
  mimeType: string;
  voice?: boolean;
  /** The upload whose place it takes. */
  replaces?: string;
}

async function bytesOf(blob: Blob): Promise<Result<Uint8Array<ArrayBuffer>>> {
  try {
    return ok(new Uint8Array(await blob.arrayBuffer()));
  } catch (error) {
    // A file that has changed or gone since it was given to the page.
    return fail('file_unreadable', error instanceof Error ? error.name : String(error));
  }
}

/**
 * Stages a blob and returns its upload. Errors: `file_empty`, `no_path` (too large to take this way), `file_unreadable`,
 * and those of main.
 */
export async function stageBlob(ask: AccountAsk, chatId: string, file: BlobFile): Promise<Result<UploadView>> {
  const { blob, name, mimeType, voice = false, replaces } = file;
  const { size } = blob;
  if (size === 0) return fail('file_empty', 'nothing in it');
  if (size > MAX_STAGED_BYTES) return fail('no_path', 'too large without a path');
  let uploadId: string | null = null;
  for (let from = 0; from < size; from += MAX_CHUNK_BYTES) {
    const chunk = await bytesOf(blob.slice(from, from + MAX_CHUNK_BYTES));
    if (!chunk.ok) return chunk;
    const input: AccountInput<'files.stageBytes'> = {
      ...{ chatId, uploadId, name, mimeType, size, voice, chunk: chunk.value },
      ...(replaces === undefined ? {} : { replaces }),
      last: from + MAX_CHUNK_BYTES >= size,
    };
    const answer = await ask((bridge) => bridge.files.stageBytes(input));
    if (!answer.ok) return answer;
    ({ uploadId } = answer.value);
    if (answer.value.upload) return ok(answer.value.upload);
  }
  return fail('internal', 'the last piece was not answered by an upload');
}
