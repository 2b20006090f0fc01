/**
 * Keeps files in the data folder: `files/incoming/ID` while they are received, then `files/XX/ID`, XX being the last
 * two characters of the id, so that no folder holds them all. Variants stand beside their file as `ID.variant`.
 *
 * A file appears whole or not at all: its bytes are synced before it is renamed, and the folders after.
 */
import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import { FILE_VARIANTS } from '#contract/api/file.ts';
import { RelayError } from '../errors.ts';
import type { FileSystem, WritableFile } from './file-system.ts';
import type { FileStore } from './ports.ts';
import { writeStream } from './write-stream.ts';

/** Bytes of a part between two syncs: what a crash of the node may cost. */
const SYNC_BYTES = 16 * 1024 * 1024;
/** Hashes of unfinished drafts that are carried on; those of others are made again from the disk. */
const MAX_HASHES = 1000;
const ID = /^[a-z0-9]{2,64}$/;
const VARIANT = /^[a-z]{1,16}$/;

/** The refusal for a full disk; any other error unchanged. */
function toldByDisk(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return isFull ? new RelayError('disk_full', 'The disk of the server is full.') : error;
}

/** Opens the store in the node's data folder. */
export async function openDiskStore(files: FileSystem, folder: string): Promise<FileStore> {
  const root = join(folder, 'files');
  const incoming = join(root, 'incoming');
  await files.makeFolder(incoming);
  /** Of drafts in parts: the hash of everything up to a position. */
  const hashes = new Map<string, { hash: Hash; position: number }>();

  function checked(id: string, variant: string | null): string {
    if (!ID.test(id) || (variant !== null && !VARIANT.test(variant))) throw new TypeError('not the id of a file');
    return variant === null ? id : `${id}.${variant}`;
  }
  const folderOf = (id: string): string => join(root, checked(id, null).slice(-2));
  const draftOf = (id: string, variant: string | null): string => join(incoming, checked(id, variant));
  const placeOf = (id: string, variant: string | null): string => join(folderOf(id), checked(id, variant));

  /** The variants first: what is left after a crash is still found by its id. */
  async function removeAll(pathOf: (id: string, variant: string | null) => string, id: string): Promise<void> {
    for (const variant of FILE_VARIANTS) {
      await files.remove(`${pathOf(id, variant)}.new`);
      await files.remove(pathOf(id, variant));
    }
    await files.remove(pathOf(id, null));
  }

  /** Runs with a draft open for writing, and reports the disk's failures in the node's words. */
  async function writing<T>(id: string, run: (file: WritableFile) => Promise<T>): Promise<T> {
    try {
      const file = await files.openForWriting(draftOf(id, null));
      return await run(file).finally(() => file.close());
    } catch (error) {
      throw toldByDisk(error);
    }
  }

  /** The hash so far, if this node wrote everything up to the position; null when it must be made from the disk. */
  function takeHash(id: string, position: number): Hash | null {
    const known = hashes.get(id);
    hashes.delete(id);
    if (position === 0) return createHash('sha256');
    return known?.position === position ? known.hash : null;
  }

  function carryHash(id: string, hash: Hash, position: number): void {
    hashes.set(id, { hash, position });
    const oldest = hashes.keys().next();
    if (hashes.size > MAX_HASHES && !oldest.done) hashes.delete(oldest.value);
  }

  async function hashOf(path: string, size: number): Promise<string> {
    const hash = createHash('sha256');
    if (size > 0) for await (const chunk of files.read(path, { start: 0, end: size - 1 })) hash.update(chunk as Buffer);
    return hash.digest('hex');
  }

  /** Ids in a folder of which every file is older. */
  async function oldIn(place: string, time: number): Promise<string[]> {
    const newest = new Map<string, number>();
    for (const name of await files.list(place)) {
      const id = name.split('.')[0] ?? '';
      if (!ID.test(id)) continue;
      const changedAt = (await files.stat(join(place, name)))?.changedAt ?? Number.POSITIVE_INFINITY;
      newest.set(id, Math.max(newest.get(id) ?? 0, changedAt));
    }
    return [...newest].filter(([, changedAt]) => changedAt < time).map(([id]) => id);
  }

  return {
    draftFolder: incoming,

    async receive(id, source, maxBytes) {
      const path = draftOf(id, null);
      const hash = createHash('sha256');
      try {
        const onBytes = (chunk: Uint8Array): void => void hash.update(chunk);
        const size = await writing(id, (file) => writeStream(file, source, { from: 0, maxBytes, onBytes }));
        return { size, sha256: hash.digest('hex'), path };
      } catch (error) {
        await files.remove(path);
        throw error;
      }
    },

    append: (id, source, { from, maxBytes, reached }) =>
      writing(id, async (file) => {
        const hash = takeHash(id, from);
        let position = from;
        const onBytes = (chunk: Uint8Array): void => {
          position += chunk.length;
          hash?.update(chunk);
        };
        if (((await files.stat(draftOf(id, null)))?.size ?? 0) < from) {
          throw new RelayError('not_found', 'What arrived of this upload is not there any more.');
        }
        await file.truncate(from);
        try {
          return await writeStream(file, source, { from, maxBytes, onBytes, onSynced: { every: SYNC_BYTES, reached } });
        } finally {
          if (hash) carryHash(id, hash, position);
        }
      }),

    async complete(id, size) {
      const path = draftOf(id, null);
      const draft = await files.stat(path);
      if (draft === null) {
        // Made a file by a node that was killed before it could record it.
        if ((await files.stat(placeOf(id, null)))?.size !== size) return null;
        await files.rename(placeOf(id, null), path);
      } else if (draft.size !== size) return null;
      const sha256 = takeHash(id, size)?.digest('hex') ?? (await hashOf(path, size));
      return { size, sha256, path };
    },

    async discard(id) {
      hashes.delete(id);
      await removeAll(draftOf, id);
    },

    async keep(id, variants) {
      try {
        await files.makeFolder(folderOf(id));
        for (const variant of variants) await files.rename(draftOf(id, variant), placeOf(id, variant));
        await files.rename(draftOf(id, null), placeOf(id, null));
        await files.syncFolder(folderOf(id));
        // What a killed examiner left unfinished is removed with the draft.
        await removeAll(draftOf, id);
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
    freeBytes: () => files.freeBytes(root),

    async *olderThan(time) {
      yield { kind: 'draft', ids: await oldIn(incoming, time.draft) };
      for (const name of await files.list(root)) {
        if (name.length === 2) yield { kind: 'file', ids: await oldIn(join(root, name), time.file) };
      }
    },
  };
}
