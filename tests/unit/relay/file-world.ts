/** The services of files on a real database and a real folder, without HTTP; what files are is known from their name. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDiskStore } from '../../../relay/files/disk-store.ts';
import { DEFAULT_LIMITS, type RelayLimits } from '../../../relay/limits.ts';
import type { MediaReader } from '../../../relay/media/ports.ts';
import { createFileSweep, type Swept } from '../../../relay/services/file-sweep.ts';
import { createFiles } from '../../../relay/services/files.ts';
import { createResumableUploads } from '../../../relay/services/resumable-uploads.ts';
import { createUploadQuota } from '../../../relay/services/upload-quota.ts';
import { createTurns } from '../../../relay/turns.ts';
import { brokenDisk } from '../../helpers/broken-disk.ts';
import { createCore } from './core-world.ts';
import type { Adapter } from './databases.ts';

const media: MediaReader = {
  examine: (_path, name) =>
    Promise.resolve({
      mimeType: name.endsWith('.png') ? 'image/png' : 'text/plain',
      width: null,
      height: null,
      duration: null,
      thumbhash: null,
      peaks: null,
      tags: null,
      variants: [],
    }),
};

export type FileWorld = Awaited<ReturnType<typeof createFileWorld>>;

export async function createFileWorld(adapter: Adapter, changed: Partial<RelayLimits> = {}) {
  const core = await createCore(adapter);
  const limits = { ...DEFAULT_LIMITS, ...changed };
  const folder = mkdtempSync(join(tmpdir(), 'relay-files-'));
  const disk = brokenDisk();
  const store = await openDiskStore(disk.files, folder);
  const { reads, queue, now } = core;
  const { files: table, uploadSessions: sessions } = reads;
  const quota = createUploadQuota({ reads, store, limits, now });
  const files = createFiles({ files: table, store, media, queue, quota, now });
  const uploads = createResumableUploads({
    sessions,
    files: table,
    keep: files.keep,
    store,
    queue,
    quota,
    limits,
    now,
  });
  const swept: Swept[] = [];
  const errors: unknown[] = [];
  const sweep = createFileSweep({
    files: table,
    sessions,
    store,
    queue,
    limits,
    turns: createTurns(),
    now,
    onSwept: (what) => swept.push(what),
    onError: (error) => errors.push(error),
  });

  return {
    ...core,
    folder,
    disk,
    store,
    sessions,
    quota,
    stored: files,
    uploads,
    sweep,
    swept,
    errors,
    /** Every file below the folder, by name. */
    onDisk: (): string[] =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .toSorted(),
    /** Uploads a file at once; its id. */
    put: async (ownerId: string, text: string | Uint8Array, name = 'a.txt'): Promise<string> => {
      const bytes = Buffer.from(text);
      const taken = await files.take(ownerId, name, chunks(bytes), bytes.length);
      return (await taken.keep()).id;
    },
    async end(): Promise<void> {
      await sweep.close();
      await core.settle();
      await core.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Bytes as they come from a client. */
export async function* chunks(...parts: (Uint8Array | string)[]): AsyncGenerator<Uint8Array, void> {
  for (const part of parts) yield Buffer.from(part);
}

/** Some bytes, and then nothing more; never the end. */
export async function* silence(...parts: string[]): AsyncGenerator<Uint8Array, void> {
  yield* chunks(...parts);
  await new Promise(() => undefined);
}
