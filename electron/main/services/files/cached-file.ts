/**
 * One file of the server as far as it is on this disk: whole blocks, in a file of its final size. What is missing is
 * fetched in runs, passed on as it comes, and stored block by block.
 */
import { type FileHandle, open } from 'node:fs/promises';
import type { ByteRange } from '#contract/api/byte-range.ts';
import { TransferFailed } from '../../lib/transfer-failed.ts';
import type { Download } from '../ports.ts';

/** Bytes of a block: what a seek fetches too much at most. */
export const BLOCK_BYTES = 64 * 1024;

/** What there is of a block. */
const MISSING = 0;
const BEING_STORED = 1;
const STORED = 2;

/** Opens the bytes from an offset to the end, or to another offset, which is included. */
export type FetchRange = (range: { start: number; end?: number }) => Promise<Download>;

/** What the cache decides for a file. */
export interface CacheRoom {
  /** Makes room for so many bytes; false when there is none. */
  take(bytes: number): boolean;
  /** A block could not be written. */
  failed(error: unknown): void;
  /** The last block has been stored. */
  completed(): Promise<void>;
}

export interface FileFacts {
  /** In bytes. */
  size: number;
  type: string;
  /** As `ifRange` expects it; null when the server names none. */
  etag: string | null;
}

export class CachedFile {
  readonly facts: FileFacts;
  /** Bytes that it takes on the disk. */
  bytes = 0;
  /** Order of use: larger is later. */
  usedAt = 0;
  readers = 0;
  isComplete = false;
  /** Nothing more is stored, and nobody new reads it. */
  isDropped = false;
  path: string;
  readonly #have: Uint8Array;
  readonly #room: CacheRoom;
  #missing: number;
  #handle: Promise<FileHandle> | null = null;

  constructor(path: string, facts: FileFacts, room: CacheRoom) {
    this.path = path;
    this.facts = facts;
    this.#room = room;
    const blocks = Math.ceil(facts.size / BLOCK_BYTES);
    this.#have = new Uint8Array(blocks);
    this.#missing = blocks;
  }

  /** A file that an earlier run has completed. */
  static whole(path: string, facts: FileFacts, room: CacheRoom): CachedFile {
    const file = new CachedFile(path, facts, room);
    file.#have.fill(STORED);
    file.#missing = 0;
    file.isComplete = true;
    file.bytes = facts.size;
    return file;
  }

  #has(block: number): boolean {
    return !this.isDropped && this.#have[block] === STORED;
  }

  #blockEnd(block: number): number {
    return Math.min((block + 1) * BLOCK_BYTES, this.facts.size);
  }

  /** Reads a part: from the disk where it is, else from the server. Ends early when its reader does. */
  async *read(part: ByteRange, fetchRange: FetchRange): AsyncGenerator<Uint8Array, void> {
    this.readers += 1;
    try {
      for (let at = part.start; at <= part.end;) {
        const block = Math.floor(at / BLOCK_BYTES);
        if (this.#has(block)) {
          const piece = await this.#stored(at, Math.min(this.#blockEnd(block), part.end + 1));
          at += piece.length;
          yield piece;
        } else {
          for await (const piece of this.#fetched(at, part.end, fetchRange)) {
            at += piece.length;
            yield piece;
          }
        }
      }
    } finally {
      this.readers -= 1;
      if (this.readers === 0) await this.close();
    }
  }

  async #stored(from: number, to: number): Promise<Uint8Array> {
    const handle = await this.#file();
    const buffer = Buffer.allocUnsafe(to - from);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
    // Somebody has cut it: it is not what it was.
    if (bytesRead !== buffer.length) {
      this.isDropped = true;
      throw new TransferFailed('storage_failed', 'the cached file is shorter');
    }
    return buffer;
  }

  /** Bytes from the server, from `at` on, up to `end` (included) or to a block that is here. */
  async *#fetched(at: number, end: number, fetchRange: FetchRange): AsyncGenerator<Uint8Array, void> {
    const first = Math.floor(at / BLOCK_BYTES);
    let last = first;
    while ((last + 1) * BLOCK_BYTES <= end && !this.#has(last + 1)) last += 1;
    const stop = this.#blockEnd(last);
    const whole = stop === this.facts.size;
    const download = await fetchRange({ start: first * BLOCK_BYTES, ...(whole ? {} : { end: stop - 1 }) });
    try {
      let position = download.start;
      let block = new BlockBuffer();
      for await (const chunk of download.body) {
        for (let taken = 0; taken < chunk.length && position < stop;) {
          const index = Math.floor(position / BLOCK_BYTES);
          const piece = chunk.subarray(taken, taken + Math.min(chunk.length - taken, this.#blockEnd(index) - position));
          block.add(piece, position % BLOCK_BYTES === 0);
          // Stored before it is passed on: whoever has the last byte does not come back.
          if (position + piece.length === this.#blockEnd(index)) {
            if (block.isWhole) await this.#store(index, block.bytes());
            block = new BlockBuffer();
          }
          const from = Math.max(at - position, 0);
          if (from < piece.length && position <= end) yield piece.subarray(from, end + 1 - position);
          taken += piece.length;
          position += piece.length;
        }
        if (position >= stop) return;
      }
      throw new TransferFailed('bad_answer', 'shorter than it was said to be');
    } finally {
      download.cancel();
    }
  }

  async #store(block: number, bytes: Uint8Array): Promise<void> {
    // Another reader may be storing it.
    if (this.isDropped || this.#have[block] !== MISSING || !this.#room.take(bytes.length)) return;
    this.bytes += bytes.length;
    this.#have[block] = BEING_STORED;
    try {
      const handle = await this.#file();
      await handle.write(bytes, 0, bytes.length, block * BLOCK_BYTES);
      this.#have[block] = STORED;
      this.#missing -= 1;
      if (this.#missing > 0 || this.isDropped) return;
      this.isComplete = true;
      await this.#room.completed();
    } catch (error) {
      this.#room.failed(error);
    }
  }

  #file(): Promise<FileHandle> {
    this.#handle ??= open(this.path, this.isComplete ? 'r' : 'a+', 0o600).then(async (handle) => {
      if (this.isComplete) return handle;
      // Opened for appending only to be created: a file for appending cannot be written elsewhere.
      await handle.close();
      return open(this.path, 'r+');
    });
    return this.#handle;
  }

  /** Closes the file; reading opens it again. */
  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await (await handle?.catch(() => null))?.close();
  }
}

/** The bytes of one block as they come. */
class BlockBuffer {
  readonly #pieces: Uint8Array[] = [];
  /** It has been filled from its first byte on. */
  isWhole = true;

  add(piece: Uint8Array, isFirst: boolean): void {
    if (this.#pieces.length === 0) this.isWhole = isFirst;
    this.#pieces.push(piece);
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }
}
