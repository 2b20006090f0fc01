/**
 * A file on disk as the source of an upload: read in pieces, from anywhere, with the parts left out that are not sent,
 * and verified to be the same file from the first byte to the last.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { constants } from 'node:fs';
import { TransferFailed } from '../../lib/transfer-failed.ts';
import type { UploadSource } from '../ports.ts';
import type { ReadAt } from './pictures/bytes.ts';
import { planFrom, type Segment, type SendPlan } from './pictures/plan.ts';

/** Bytes in memory at a time. */
const PIECE_BYTES = 256 * 1024;
/** Opening a pipe would block until something writes to it; what became a link since it was looked at is not followed. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** Tells a changed file from the original, also after a restart. */
export interface FileIdentity {
  /** In bytes. */
  size: number;
  /** Time of the last change, in nanoseconds, and the file's number in its file system: beyond what a number holds. */
  modified: string;
  inode: string;
}

export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unreadable';
}

function asFailure(error: unknown): TransferFailed {
  if (error instanceof TransferFailed) return error;
  const code = systemCode(error);
  const isGone = code === 'ENOENT' || code === 'ENOTDIR';
  return new TransferFailed(isGone ? 'file_gone' : 'file_unreadable', code, { cause: error });
}

async function identityOf(handle: FileHandle): Promise<FileIdentity> {
  const stats = await handle.stat({ bigint: true });
  // A device or a pipe has no end.
  if (!stats.isFile()) throw new TransferFailed('file_unreadable', 'no regular file');
  return { size: Number(stats.size), modified: String(stats.mtimeNs), inode: String(stats.ino) };
}

export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.size === b.size && a.modified === b.modified && a.inode === b.inode;
}

/** An open file: what it is, and its bytes. */
export interface OpenFile {
  identity: FileIdentity;
  read: ReadAt;
}

/**
 * Opens a regular file for as long as `work` runs.
 * @throws TransferFailed `file_gone`, or `file_unreadable` if it may not be read or is no regular file. What `work`
 * throws passes, with errors of the system as one of these.
 */
export async function withFile<T>(path: string, work: (file: OpenFile) => Promise<T>): Promise<T> {
  try {
    const handle = await open(path, READ_FLAGS);
    try {
      const read: ReadAt = async (at, length) => {
        const buffer = Buffer.allocUnsafe(length);
        let done = 0;
        while (done < length) {
          const { bytesRead } = await handle.read(buffer, done, length - done, at + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return buffer.subarray(0, done);
      };
      return await work({ identity: await identityOf(handle), read });
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw asFailure(error);
  }
}

/** Inspects a regular file. @throws TransferFailed as `withFile` does. */
export function identify(path: string): Promise<FileIdentity> {
  return withFile(path, async ({ identity }) => identity);
}

export interface SourceOptions {
  path: string;
  identity: FileIdentity;
  /** What is sent of it; null: all of it. */
  plan?: SendPlan | null;
  /** Bytes of what is sent that are left out at the beginning: the server has them. */
  offset?: number;
  /** The last byte was taken. */
  onEnd?: () => void;
}

async function* piecesOf(handle: FileHandle, segments: readonly Segment[]): AsyncGenerator<Uint8Array, void> {
  for (const segment of segments) {
    if ('bytes' in segment) {
      yield segment.bytes;
      continue;
    }
    for (let at = segment.from; at < segment.to;) {
      // A new buffer each time: the last one may still be on its way out.
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, segment.to - at));
      const { bytesRead } = await handle.read(piece, 0, piece.length, at);
      if (bytesRead === 0) throw new TransferFailed('file_changed', 'it became shorter');
      at += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  }
}

async function* verified(options: SourceOptions, plan: SendPlan): AsyncGenerator<Uint8Array, void> {
  const { path, identity } = options;
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, READ_FLAGS);
    if (!isSameFile(await identityOf(handle), identity)) throw new TransferFailed('file_changed', 'before it was read');
    // The last piece leaves after the second look: without it the server has no whole file.
    let held: Uint8Array | null = null;
    for await (const piece of piecesOf(handle, planFrom(plan, options.offset ?? 0))) {
      if (held) yield held;
      held = piece;
    }
    if (!isSameFile(await identityOf(handle), identity)) throw new TransferFailed('file_changed', 'while it was read');
    if (held) yield held;
    options.onEnd?.();
  } catch (error) {
    throw asFailure(error);
  } finally {
    await handle?.close();
  }
}

/** A source that opens the file for each attempt. What goes wrong is thrown while it is read. */
export function fileSource(options: SourceOptions): UploadSource {
  const { size } = options.identity;
  const plan = options.plan ?? { segments: [{ from: 0, to: size }], size };
  return { size: plan.size - (options.offset ?? 0), open: () => verified(options, plan) };
}
