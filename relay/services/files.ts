/** Takes files in, and gives them out to those who may read them. */
import type { Readable } from 'node:stream';
import type { FileVariant } from '#contract/api/file.ts';
import { MAX_UPLOAD_BYTES } from '#contract/model/limits.ts';
import { invalidField, RelayError } from '../errors.ts';
import type { Draft, FileStore } from '../files/ports.ts';
import { newId } from '../ids.ts';
import type { MediaReader } from '../media/ports.ts';
import type { FileRow } from '../records.ts';
import type { FileReads, WriteQueue } from '../repositories/ports.ts';
import type { UploadQuota } from './upload-quota.ts';

export interface FilesOptions {
  files: Pick<FileReads, 'find' | 'isReadable'>;
  store: FileStore;
  media: MediaReader;
  queue: WriteQueue;
  quota: UploadQuota;
  now: () => number;
}

/** What becomes a file. */
export interface NamedDraft extends Draft {
  name: string;
  /** As the sender measured them. */
  peaks: number[] | null;
  /** Bytes of it that the quota counts already. */
  counted: number;
}

/** A file, or another form of it, that may be read. */
export interface OpenFile {
  row: FileRow;
  /** Of what is sent: the file's own, or its variant's. */
  mimeType: string;
  size: number;
  /** Identifies exactly these bytes. */
  tag: string;
  read: (range: { start: number; end: number }) => Readable;
}

/** An upload that has arrived and is not a file yet: one of the two must be called. */
export interface Taken {
  keep: () => Promise<FileRow>;
  discard: () => Promise<void>;
}

const VARIANT_TYPES: Record<FileVariant, string> = {
  thumb: 'image/webp',
  preview: 'image/webp',
  cover: 'image/webp',
  waveform: 'application/json',
};

export type Files = ReturnType<typeof createFiles>;

export function createFiles({ files, store, media, queue, quota, now }: FilesOptions) {
  /**
   * Examines a draft, makes it a file and records it. Where that fails the bytes are still there, as a draft or as a
   * file that nobody recorded: the caller removes them, or tries again.
   * @throws RelayError `quota_exceeded`, `disk_full`.
   */
  async function keep(id: string, ownerId: string, draft: NamedDraft): Promise<FileRow> {
    const { name, size, sha256, path, peaks, counted } = draft;
    const facts = await media.examine(path, name);
    const isSilent = facts.peaks === null && facts.mimeType.startsWith('audio/');
    const row: FileRow = { id, ownerId, name, size, sha256, createdAt: now(), ...facts };
    if (isSilent) row.peaks = peaks;
    await store.keep(id, row.variants);
    await queue.run(async (tx) => {
      await tx.files.lock(ownerId);
      await quota.checkQuota(ownerId, size, counted, tx);
      await tx.files.insert(row);
    });
    return row;
  }

  return {
    keep,

    /**
     * Receives an upload.
     * @param name already clean.
     * @param announced bytes of it, if the client said so.
     * @throws RelayError `too_large`, `quota_exceeded`, `disk_full`, `validation` for an empty file, and whatever the
     * source throws. Nothing is left of it then.
     */
    async take(
      ownerId: string,
      name: string,
      source: AsyncIterable<Uint8Array>,
      announced: number | null,
    ): Promise<Taken> {
      const expected = Math.min(announced ?? MAX_UPLOAD_BYTES, MAX_UPLOAD_BYTES);
      await quota.checkQuota(ownerId, announced === null ? 1 : expected);
      await quota.checkRoom(expected);
      const id = newId();
      const draft = await store.receive(id, source, MAX_UPLOAD_BYTES);
      const discard = async (): Promise<void> => {
        await store.discard(id);
        await store.remove(id);
      };
      if (draft.size === 0) {
        await discard();
        throw invalidField('file', 'too_small', 'The file is empty.');
      }
      return {
        discard,
        async keep() {
          try {
            return await keep(id, ownerId, { ...draft, name, peaks: null, counted: 0 });
          } catch (error) {
            await discard();
            throw error;
          }
        },
      };
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
