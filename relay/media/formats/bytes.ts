/** Random access to a file's bytes, read through a window: parsers jump from header to header. */

export interface Bytes {
  /** Of the file. */
  readonly size: number;
  /** The bytes from a place on: as many as asked for, or fewer at the end of the file. */
  read(at: number, length: number): Promise<Buffer>;
}

/** A file that was opened for reading, such as a FileHandle. */
export interface Readable {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
}

const WINDOW_BYTES = 64 * 1024;

/** @param size of the file, in bytes. */
export function bytesOf(file: Readable, size: number): Bytes {
  let start = 0;
  let window: Buffer = Buffer.alloc(0);

  async function load(at: number, length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - at)));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, at + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }

  return {
    size,
    async read(at, length) {
      if (at < 0 || at >= size) return Buffer.alloc(0);
      const end = Math.min(at + length, size);
      if (at < start || end > start + window.length) {
        if (length > WINDOW_BYTES) return load(at, length);
        start = at;
        window = await load(at, WINDOW_BYTES);
      }
      return window.subarray(at - start, end - start);
    },
  };
}
