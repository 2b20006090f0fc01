/** The few operations of the file system that the store needs, so that a test can make any of them fail. */
import { constants, createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/** A file open for writing. */
export interface WritableFile {
  /** Writes all of the bytes at a position. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Waits until everything written is on disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface FileSystem {
  /** Creates the file, or opens the one that is there, readable by its owner only. */
  openForWriting(path: string): Promise<WritableFile>;
  rename(from: string, to: string): Promise<void>;
  /** Waits until the names in a folder are on disk. */
  syncFolder(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** A missing file is fine. */
  remove(path: string): Promise<void>;
  /** Null when there is no such file. */
  stat(path: string): Promise<{ size: number; changedAt: number } | null>;
  /** Names in a folder; empty when there is none. */
  list(path: string): Promise<string[]>;
  /** Bytes that the file system of a folder can still take from this process. */
  freeBytes(path: string): Promise<number>;
  read(path: string, range: { start: number; end: number }): Readable;
}

/** True for the error of a missing file or folder. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function openForWriting(path: string): Promise<WritableFile> {
  const handle = await open(path, constants.O_CREAT | constants.O_RDWR, 0o600);
  return {
    async write(bytes, position) {
      // A nearly full disk takes a part: the next attempt fails with the reason.
      for (let done = 0; done < bytes.length;) {
        done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
      }
    },
    truncate: (length) => handle.truncate(length),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

/** The real one. */
export const nodeFileSystem: FileSystem = {
  openForWriting,
  rename,
  async syncFolder(path) {
    // Windows cannot open folders, and its file systems write names by themselves.
    if (process.platform === 'win32') return;
    const handle = await open(path, 'r');
    await handle.sync().finally(() => handle.close());
  },
  makeFolder: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  remove: (path) => rm(path, { force: true }),
  async stat(path) {
    try {
      const { size, mtimeMs } = await stat(path);
      return { size, changedAt: mtimeMs };
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },
  async list(path) {
    try {
      return await readdir(path);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },
  async freeBytes(path) {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
  read: (path, { start, end }) => createReadStream(path, { start, end, highWaterMark: 256 * 1024 }),
};
