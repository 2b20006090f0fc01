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

/** Part of a draft. */
export interface DraftPart {
  /** The position of its first byte. What stands behind it is cut off. */
  from: number;
  /** The longest the draft may become; beyond it `too_large`. */
  maxBytes: number;
  /** Called in order with positions up to which everything is on disk; the draft waits for each call. */
  reached: (position: number) => Promise<void>;
}

/**
 * Files by id, each written once. A file is a draft while it is received, and becomes a file by `keep`: until then
 * nobody reads it, and a crash leaves only what the sweep removes.
 */
export interface FileStore {
  /** The folder of the drafts' paths. */
  readonly draftFolder: string;
  /**
   * Writes a whole draft and waits until it is on disk. When it fails nothing is left of it.
   * @throws RelayError `too_large`, `disk_full`, and whatever the source throws.
   */
  receive(id: string, source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Draft>;
  /**
   * Continues a draft. When it fails, everything that was `reached` stays.
   * @returns its length.
   * @throws RelayError `too_large`, `disk_full`, and whatever the source throws.
   */
  append(id: string, source: AsyncIterable<Uint8Array>, part: DraftPart): Promise<number>;
  /**
   * The draft that was written by parts; also if it became a file already and nobody recorded that.
   * @returns null when it is not there, or has another length.
   */
  complete(id: string, size: number): Promise<Draft | null>;
  /** Removes a draft with its variants; no draft is fine. */
  discard(id: string): Promise<void>;
  /**
   * Makes a draft a file, durably.
   * @param variants those that were made beside it.
   * @throws RelayError `disk_full`; the draft is still there.
   */
  keep(id: string, variants: readonly string[]): Promise<void>;
  /** Bytes of a file or a variant; null when it is not there. */
  sizeOf(id: string, variant: string | null): Promise<number | null>;
  /** Both ends are inclusive. */
  open(id: string, variant: string | null, range: { start: number; end: number }): Readable;
  /** Removes a file with its variants; no file is fine. */
  remove(id: string): Promise<void>;
  /** Bytes that the disk can still take. */
  freeBytes(): Promise<number>;
  /** The ids of drafts and files that changed last before a time (milliseconds since the epoch), folder by folder. */
  olderThan(time: { draft: number; file: number }): AsyncIterable<{ kind: 'draft' | 'file'; ids: string[] }>;
}
