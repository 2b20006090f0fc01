/** What the services need from the place where files are kept. Ids are those of files: letters and digits. */
import type { Readable } from 'node:stream';

/** Bytes that arrived and are on disk, but are not yet a file. */
export interface Draft {
  size: number;
  /** Lower-case hexadecimal; of all bytes. */
  sha256: string;
  /** Where they are; other forms of the file are made beside it, as `path.variant`. */
  path: string;
}

/**
 * Files by id, each written once. A file is a draft while it is received, and becomes a file by `keep`: until then
 * nobody reads it, and a crash leaves only what `sweep` removes.
 */
export interface FileStore {
  /**
   * Writes a whole draft and waits until it is on disk. When it fails nothing is left of it.
   * @param maxBytes beyond it `too_large`.
   * @throws RelayError `too_large`, `disk_full`, and whatever the source throws.
   */
  receive(id: string, source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Draft>;
  /** Removes a draft with its variants; no draft is fine. */
  discard(id: string): Promise<void>;
  /** Makes a draft a file, durably. @param variants those that were made beside it. */
  keep(id: string, variants: readonly string[]): Promise<void>;
  /** Bytes of a file or a variant; null when it is not there. */
  sizeOf(id: string, variant: string | null): Promise<number | null>;
  /** Both ends are inclusive. */
  open(id: string, variant: string | null, range: { start: number; end: number }): Readable;
  /** Removes a file with its variants; no file is fine. */
  remove(id: string): Promise<void>;
}
