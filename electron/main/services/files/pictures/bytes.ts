/** Reads `length` bytes of a file at an offset; fewer only at its end. */
export type ReadAt = (at: number, length: number) => Promise<Uint8Array>;

/** Bytes read at once while searching. */
const WINDOW = 64 * 1024;

/** A file as a scanner sees it: bytes by offset, read in windows, so that small steps cost nothing. */
export class Bytes {
  readonly size: number;
  readonly #read: ReadAt;
  readonly #step: number;
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;

  /** @param step bytes that are read at once at least. */
  constructor(read: ReadAt, size: number, step = WINDOW) {
    this.#step = step;
    this.#read = read;
    this.size = size;
  }

  /** `length` bytes at an offset; null when the file ends before. */
  async at(offset: number, length: number): Promise<Uint8Array | null> {
    if (offset < 0 || offset + length > this.size) return null;
    if (offset < this.#start || offset + length > this.#start + this.#window.length) {
      this.#window = await this.#read(offset, Math.min(Math.max(length, this.#step), this.size - offset));
      this.#start = offset;
    }
    const from = offset - this.#start;
    const found = this.#window.subarray(from, from + length);
    return found.length === length ? found : null;
  }

  /** The offset of the next byte of that value; the file's size when there is none. */
  async find(value: number, from: number): Promise<number> {
    for (let offset = from; offset < this.size;) {
      const window = await this.at(offset, Math.min(WINDOW, this.size - offset));
      if (!window) return this.size;
      const index = window.indexOf(value);
      if (index >= 0) return offset + index;
      offset += window.length;
    }
    return this.size;
  }
}

/** A number in two or four bytes, the higher ones first. */
export const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
export const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 0x10000 + u16(bytes, at + 2);
/** The same, the lower ones first. */
export const u16le = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
export const u24le = (bytes: Uint8Array, at: number): number => u16le(bytes, at) | ((bytes[at + 2] ?? 0) << 16);
export const u32le = (bytes: Uint8Array, at: number): number => u16le(bytes, at) + u16le(bytes, at + 2) * 0x10000;

/** Bytes as text, one character each. */
export const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

/** Text as bytes, one for each character. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
