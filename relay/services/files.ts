/** Takes files in, and gives them out to those who may read them. */
import type { Readable } from 'node:stream';
import { createId } from '@paralleldrive/cuid2';
import type { FileVariant } from '#contract/api/file.ts';
import { MAX_UPLOAD_BYTES } from '#contract/model/limits.ts';
import { invalidField, RelayError } from '../errors.ts';
import type { FileStore } from '../files/ports.ts';
import type { MediaReader } from '../media/ports.ts';
import type { FileRow } from '../records.ts';
import type { Awaitable, Files as FilesTable, WriteQueue } from '../repositories/ports.ts';

export interface FilesOptions {
  files: Awaitable<Pick<FilesTable, 'find' | 'isReadable'>> & Pick<FilesTable, 'insert'>;
  store: FileStore;
  media: MediaReader;
  queue: WriteQueue;
  now: () => number;
}

/** Part of a file for a download. */
export interface OpenFile {
  row: FileRow;
  /** Of what is sent: the file's own, or its variant's. */
  mimeType: string;
  size: number;
  /** Identifies exactly these bytes. */
  tag: string;
  read: (range: { start: number; end: number }) => Readable;
}

const VARIANT_TYPES: Record<FileVariant, string> = {
  thumb: 'image/webp',
  preview: 'image/webp',
  cover: 'image/webp',
  waveform: 'application/json',
};

export type Files = ReturnType<typeof createFiles>;

export function createFiles({ files, store, media, queue, now }: FilesOptions) {
  /** Examines a draft, makes it a file and records it. Nothing is left of it if any of that fails. */
  async function keep(
    id: string,
    owner: { id: string },
    draft: { name: string; size: number; sha256: string; path: string },
  ): Promise<FileRow> {
    const { name, size, sha256, path } = draft;
    let isKept = false;
    try {
      const facts = await media.examine(path, name);
      const row: FileRow = { id, ownerId: owner.id, name, size, sha256, createdAt: now(), ...facts };
      await store.keep(id, row.variants);
      isKept = true;
      await queue.run(() => files.insert(row));
      return row;
    } catch (error) {
      if (isKept) await store.remove(id);
      else await store.discard(id);
      throw error;
    }
  }

  return {
    /**
     * Stores an upload as it arrives.
     * @param name already clean.
     * @throws RelayError `too_large`, `disk_full`, `validation` for an empty file, and whatever the source throws.
     */
    async take(owner: { id: string }, name: string, source: AsyncIterable<Uint8Array>): Promise<Taken> {
      const id = createId();
      const draft = await store.receive(id, source, MAX_UPLOAD_BYTES);
      const discard = (): Promise<void> => store.discard(id);
      if (draft.size === 0) {
        await discard();
        throw invalidField('file', 'too_small', 'The file is empty.');
      }
      return { discard, keep: () => keep(id, owner, { name, ...draft }) };
    },

    /**
     * A file, or one of its variants, that the user may read.
     * @throws RelayError `not_found`, `forbidden`.
     */
    async open(userId: string, id: string, variant: FileVariant | null): Promise<OpenFile> {
      const row = await files.find(id);
      if (!row) throw new RelayError('not_found', 'There is no such file.');
      if (!(await files.isReadable(id, userId))) throw new RelayError('forbidden', 'You may not read this file.');
      if (variant !== null && !row.variants.includes(variant)) {
        throw new RelayError('not_found', 'There is no such form of the file.');
      }
      const size = await store.sizeOf(id, variant);
      if (size === null) throw new RelayError('not_found', 'The file is not there any more.');
      return {
        row,
        mimeType: variant === null ? row.mimeType : VARIANT_TYPES[variant],
        size,
        tag: variant === null ? id : `${id}.${variant}`,
        read: (range) => store.open(id, variant, range),
      };
    },
  };
}

/** An upload that has arrived and is not a file yet: one of the two must be called. */
export interface Taken {
  keep: () => Promise<FileRow>;
  discard: () => Promise<void>;
}
