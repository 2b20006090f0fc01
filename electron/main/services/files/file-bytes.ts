/** All bytes of a file of a message: from this disk, or from the server. */
import { type AppError, fail, ok, type Result } from '#contract/model/errors.ts';
import { fileKind } from '#contract/model/media-types.ts';
import { mediaKey } from '../../lib/cache-name.ts';
import { canShow } from '../../lib/picture-size.ts';
import { TransferFailed } from '../../lib/transfer-failed.ts';
import type { AccountContext, FilesSystem } from '../ports.ts';
import type { KnownFile } from '../store/ops/message-operations.ts';
import type { MediaCache } from './media-cache.ts';
import { scanPicture } from './pictures/scan.ts';
import { sniff, SNIFFED_BYTES } from './sniff.ts';

/** Bytes above which a picture does not go to the clipboard. */
const MOST_COPIED = 64 * 1024 * 1024;

export interface FileBytesOptions {
  cache: MediaCache;
  /** Stands for the account in the cache. */
  tag: string;
  connection: () => Pick<AccountContext, 'api'> | null;
}

export type FileBytes = ReturnType<typeof createFileBytes>;

export function createFileBytes({ cache, tag, connection }: FileBytesOptions) {
  /** What is on this disk, if that is all of it. */
  async function cached(id: string): Promise<AsyncIterable<Uint8Array> | null> {
    const file = await cache.find(tag, mediaKey(id, null));
    if (!file?.isComplete) return null;
    return file.read({ start: 0, end: file.facts.size - 1 }, () => {
      throw new TransferFailed('storage_failed', 'it was complete');
    });
  }

  async function opened(id: string): Promise<Result<AsyncIterable<Uint8Array>>> {
    const here = await cached(id);
    if (here) return ok(here);
    const line = connection();
    if (!line) return fail('unauthenticated', 'no token');
    const answer = await line.api.download('download', { params: { id } });
    return answer.ok ? ok(answer.value.body) : answer;
  }

  /** The whole file in memory. */
  async function read(id: string): Promise<Result<Buffer>> {
    const body = await opened(id);
    if (!body.ok) return body;
    try {
      const pieces: Uint8Array[] = [];
      let size = 0;
      for await (const piece of body.value) {
        size += piece.length;
        if (size > MOST_COPIED) return fail('too_large', 'more than was said');
        pieces.push(piece);
      }
      return ok(Buffer.concat(pieces));
    } catch (error) {
      if (!(error instanceof TransferFailed)) throw error;
      const failure: AppError = error.failure;
      return { ok: false, error: failure };
    }
  }

  return {
    cached,
    /** Copies a picture to the clipboard. */
    async copyImage(id: string, known: KnownFile | null, system: FilesSystem): Promise<Result<null>> {
      if (!known) return fail('not_found', 'no such file');
      if (fileKind(known.mimeType) !== 'image') return fail('unsupported_media', 'no picture');
      if (known.size > MOST_COPIED) return fail('too_large', 'too many bytes');
      const bytes = await read(id);
      if (!bytes.ok) return bytes;
      const { value } = bytes;
      const type = sniff(value.subarray(0, SNIFFED_BYTES)) ?? '';
      const scan = await scanPicture(type, async (at, length) => value.subarray(at, at + length), value.length);
      // A few kilobytes may stand for a picture that fills the memory.
      if (!scan || !canShow(scan)) return fail('unsupported_media', 'no picture that can be copied');
      return (await system.copyImage(value)) ? ok(null) : fail('unsupported_media', 'not for the clipboard');
    },
  };
}
