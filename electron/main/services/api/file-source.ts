/**
 * A file on disk as the source of an upload: read in pieces, and verified to be the same file from the first byte to
 * the last.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { constants } from 'node:fs';
import { TransferFailed } from '../../lib/transfer-failed.ts';
import type { UploadSource } from '../ports.ts';

/** Bytes in memory at a time. */
const PIECE_BYTES = 256 * 1024;

/** Tells a changed file from the original. */
interface Identity {
  size: number;
  modifiedMs: number;
}

async function identityOf(handle: FileHandle): Promise<Identity> {
  const stats = await handle.stat();
  // A device or a pipe has no end.
  if (!stats.isFile()) throw new TransferFailed('file_unreadable', 'no regular file');
  return { size: stats.size, modifiedMs: stats.mtimeMs };
}

async function openToRead(path: string): Promise<FileHandle> {
  try {
    // Opening a pipe would block until something writes to it.
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new TransferFailed('file_unreadable', codeOf(error), { cause: error });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unreadable';
}

function isSame(a: Identity, b: Identity): boolean {
  return a.size === b.size && a.modifiedMs === b.modifiedMs;
}

async function* read(path: string, expected: Identity): AsyncGenerator<Uint8Array, void> {
  const handle = await openToRead(path);
  try {
    if (!isSame(await identityOf(handle), expected)) throw new TransferFailed('file_changed', 'before it was read');
    for (let at = 0; at < expected.size;) {
      // A new buffer each time: the last one may still be on its way out.
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, expected.size - at));
      const { bytesRead } = await handle.read(piece, 0, piece.length, at);
      if (bytesRead === 0) throw new TransferFailed('file_changed', 'it became shorter');
      at += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
    if (!isSame(await identityOf(handle), expected)) throw new TransferFailed('file_changed', 'while it was read');
  } catch (error) {
    if (error instanceof TransferFailed) throw error;
    throw new TransferFailed('file_unreadable', codeOf(error), { cause: error });
  } finally {
    await handle.close();
  }
}

/**
 * Inspects a file and creates a source from it; each attempt opens it again.
 * @throws TransferFailed `file_unreadable` if it does not exist, may not be read, or is not a regular file.
 */
export async function fileSource(path: string): Promise<UploadSource> {
  const handle = await openToRead(path);
  try {
    const identity = await identityOf(handle);
    return { size: identity.size, open: () => read(path, identity) };
  } finally {
    await handle.close();
  }
}
