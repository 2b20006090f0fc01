/**
 * Keeps files in the data folder: `files/incoming/ID` while they are received, then `files/XX/ID`, XX being the last
 * two characters of the id, so that no folder holds them all. Variants stand beside their file as `ID.variant`.
 *
 * A file appears whole or not at all: its bytes are synced before it is renamed, and the folders after.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { FILE_VARIANTS } from '#contract/api/file.ts';
import { RelayError } from '../errors.ts';
import type { FileSystem, WritableFile } from './file-system.ts';
import type { Draft, FileStore } from './ports.ts';

/** Bytes collected per write to the disk. */
const WRITE_BYTES = 1024 * 1024;
const ID = /^[a-z0-9]{2,64}$/;
const VARIANT = /^[a-z]{1,16}$/;

/** The refusal for a full disk; any other error unchanged. */
export function toldByDisk(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return full ? new RelayError('disk_full', 'The disk of the server is full.') : error;
}

/** Writes a stream at a position of a file, one write under way while the next bytes arrive. */
export async function writeStream(
  file: WritableFile,
  source: AsyncIterable<Uint8Array>,
  { from, maxBytes, onBytes }: { from: number; maxBytes: number; onBytes: (chunk: Uint8Array) => void },
): Promise<number> {
  let end = from;
  let position = from;
  let chunks: Uint8Array[] = [];
  let underWay: Promise<void> = Promise.resolve();
  async function flush(): Promise<void> {
    // A failed write is reported by the next one, or at the end.
    await underWay;
    const [batch, at] = [chunks, position];
    chunks = [];
    position = end;
    underWay = file.write(batch, at);
    underWay.catch(() => undefined);
  }
  try {
    for await (const chunk of source) {
      end += chunk.length;
      if (end > maxBytes) throw new RelayError('too_large', 'The file is too large.');
      onBytes(chunk);
      chunks.push(chunk);
      if (end - position >= WRITE_BYTES) await flush();
    }
    await flush();
  } finally {
    await underWay;
  }
  return end;
}

/** @param folder of the node's data. */
export async function openDiskStore(files: FileSystem, folder: string): Promise<FileStore> {
  const root = join(folder, 'files');
  const incoming = join(root, 'incoming');
  await files.makeFolder(incoming);

  function checked(id: string, variant: string | null): string {
    if (!ID.test(id) || (variant !== null && !VARIANT.test(variant))) throw new TypeError('not the id of a file');
    return variant === null ? id : `${id}.${variant}`;
  }
  const folderOf = (id: string): string => join(root, checked(id, null).slice(-2));
  const draftOf = (id: string, variant: string | null): string => join(incoming, checked(id, variant));
  const placeOf = (id: string, variant: string | null): string => join(folderOf(id), checked(id, variant));

  /** The variants first: what is left after a crash is still found by its id. */
  async function removeAll(pathOf: (id: string, variant: string | null) => string, id: string): Promise<void> {
    for (const variant of [...FILE_VARIANTS, null]) await files.remove(pathOf(id, variant));
  }

  return {
    async receive(id, source, maxBytes): Promise<Draft> {
      const path = draftOf(id, null);
      const hash = createHash('sha256');
      try {
        const file = await files.openForWriting(path);
        let size: number;
        try {
          size = await writeStream(file, source, { from: 0, maxBytes, onBytes: (chunk) => void hash.update(chunk) });
          await file.sync();
        } finally {
          await file.close();
        }
        return { size, sha256: hash.digest('hex'), path };
      } catch (error) {
        await files.remove(path);
        throw toldByDisk(error);
      }
    },
    discard: (id) => removeAll(draftOf, id),
    async keep(id, variants) {
      try {
        await files.makeFolder(folderOf(id));
        for (const variant of variants) await files.rename(draftOf(id, variant), placeOf(id, variant));
        await files.rename(draftOf(id, null), placeOf(id, null));
        await files.syncFolder(folderOf(id));
        await files.syncFolder(root);
      } catch (error) {
        throw toldByDisk(error);
      }
    },
    async sizeOf(id, variant) {
      return (await files.stat(placeOf(id, variant)))?.size ?? null;
    },
    open: (id, variant, range) => files.read(placeOf(id, variant), range),
    remove: (id) => removeAll(placeOf, id),
  };
}
