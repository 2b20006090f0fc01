/**
 * Uploads in parts.
 *
 * open: some bytes are missing; `received` counts those on disk and only grows. Every part begins there, or is a
 * conflict that says where to begin. -> complete: all bytes are there; they become a file at once, and an empty part
 * tries again where that failed. -> done: there is a file, and whoever asks gets it until the session expires.
 * A second connection takes over from the first, which may be dead without knowing it.
 */
import { MAX_UPLOAD_BYTES } from '#contract/model/limits.ts';
import { RelayError } from '../errors.ts';
import type { FileStore } from '../files/ports.ts';
import { newId } from '../ids.ts';
import type { RelayLimits } from '../limits.ts';
import type { FileRow, UploadSessionRow } from '../records.ts';
import type { FileReads, UploadSessionReads, WriteQueue } from '../repositories/ports.ts';
import type { Files } from './files.ts';
import type { UploadQuota } from './upload-quota.ts';

export interface ResumableUploadsOptions {
  sessions: Pick<UploadSessionReads, 'find'>;
  files: Pick<FileReads, 'find'>;
  keep: Files['keep'];
  store: FileStore;
  queue: WriteQueue;
  quota: UploadQuota;
  limits: Pick<RelayLimits, 'uploadKeptMs'>;
  now: () => number;
}

export interface Progress {
  /** Bytes on disk. */
  offset: number;
  file: FileRow | null;
}

/** Part of an upload as it arrives. */
export interface Part {
  offset: number;
  /** As the client announced it, if it did. */
  length: number | null;
  bytes: AsyncIterable<Uint8Array>;
}

/** A part that is being received. */
interface Writer {
  /** Another connection goes on. */
  stop: AbortController;
  ended: Promise<void>;
}

function conflict(message: string, offset: number): RelayError {
  return new RelayError('conflict', message, { offset });
}

/** Passes chunks on until the signal is aborted, even if the source is silent. */
async function* until(signal: AbortSignal, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const iterator = source[Symbol.asyncIterator]();
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => undefined);
  const stop = (): void => stopped.reject(signal.reason);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), stopped.promise]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

export type ResumableUploads = ReturnType<typeof createResumableUploads>;

export function createResumableUploads(options: ResumableUploadsOptions) {
  const { sessions, files, keep, store, queue, quota, limits, now } = options;
  const writers = new Map<string, Writer>();

  /** Somebody else's upload is not told from one that does not exist. */
  async function sessionOf(ownerId: string, id: string): Promise<UploadSessionRow> {
    const session = await sessions.find(id);
    if (session?.ownerId === ownerId && session.expiresAt > now()) return session;
    throw new RelayError('not_found', 'There is no such upload.');
  }

  /**
   * Makes the caller the only one that writes: the connection that does now is ended, and what it brought is counted.
   * @returns the signal of the next one that does the same, and the function that ends the claim.
   */
  async function claim(id: string): Promise<{ signal: AbortSignal; release: () => void }> {
    for (let writer = writers.get(id); writer; writer = writers.get(id)) {
      writer.stop.abort(new RelayError('conflict', 'Another connection continues this upload.'));
      await writer.ended;
    }
    // No await since the last look: of several that waited one is first, and the others end it in turn.
    const stop = new AbortController();
    const ended = Promise.withResolvers<void>();
    writers.set(id, { stop, ended: ended.promise });
    return {
      signal: stop.signal,
      release() {
        writers.delete(id);
        ended.resolve();
      },
    };
  }

  /** Only within a claim. */
  async function complete(session: UploadSessionRow): Promise<FileRow> {
    const { id, fileId, ownerId, name, size, peaks } = session;
    const known = await files.find(fileId);
    if (known) return known;
    const draft = await store.complete(fileId, size);
    if (!draft) {
      await queue.run((tx) => tx.uploadSessions.remove(id));
      throw new RelayError('not_found', 'What arrived of this upload is not there any more.');
    }
    return keep(fileId, ownerId, { ...draft, name, peaks, counted: size });
  }

  async function write(session: UploadSessionRow, { bytes }: Part, signal: AbortSignal): Promise<number> {
    const { id, fileId, size, received } = session;
    return store.append(fileId, until(signal, bytes), {
      from: received,
      maxBytes: size,
      reached: (position) => queue.run((tx) => tx.uploadSessions.advance(id, position, now() + limits.uploadKeptMs)),
    });
  }

  async function continued(ownerId: string, id: string, part: Part): Promise<Progress> {
    const { signal, release } = await claim(id);
    try {
      const session = await sessionOf(ownerId, id);
      const { received, size } = session;
      if (part.offset !== received) throw conflict('The upload does not continue there.', received);
      if (part.length !== null && received + part.length > size) {
        throw new RelayError('too_large', 'The upload is longer than it was announced.');
      }
      if (received === size) return { offset: size, file: await complete(session) };
      await quota.checkRoom(size - received);
      const offset = await quota.during(ownerId, () => write(session, part, signal));
      return { offset, file: offset < size ? null : await complete(session) };
    } finally {
      release();
    }
  }

  return {
    /** @throws RelayError `too_large`, `rate_limited`, `quota_exceeded`, `disk_full`. @param name already clean. */
    async create(
      ownerId: string,
      { name, size, peaks }: { name: string; size: number; peaks: number[] | null },
    ): Promise<{ id: string }> {
      if (size > MAX_UPLOAD_BYTES) throw new RelayError('too_large', 'The file is too large.');
      await quota.checkRoom(size);
      const id = newId();
      const fileId = newId();
      await queue.run(async (tx) => {
        await tx.files.lock(ownerId);
        await quota.checkOpen(ownerId, tx);
        await quota.checkQuota(ownerId, size, 0, tx);
        const createdAt = now();
        const expiresAt = createdAt + limits.uploadKeptMs;
        await tx.uploadSessions.insert({ id, ownerId, fileId, name, size, peaks, received: 0, createdAt, expiresAt });
      });
      return { id };
    },

    /** @throws RelayError `not_found`. */
    async progress(ownerId: string, id: string): Promise<Progress> {
      const { received, fileId } = await sessionOf(ownerId, id);
      return { offset: received, file: await files.find(fileId) };
    },

    /**
     * Receives a part, and makes the file once all parts are there.
     * @throws RelayError `not_found`, `conflict` with the offset, `too_large`, `disk_full`, `rate_limited`, and whatever
     * the part throws. What arrived before that is kept.
     */
    async append(ownerId: string, id: string, part: Part): Promise<Progress> {
      await sessionOf(ownerId, id);
      return quota.track(continued(ownerId, id, part));
    },

    /** @throws RelayError `not_found`. */
    async cancel(ownerId: string, id: string): Promise<void> {
      const { fileId } = await sessionOf(ownerId, id);
      const { release } = await claim(id);
      try {
        await queue.run((tx) => tx.uploadSessions.remove(id));
        // A file that was made of it belongs to its messages.
        await store.discard(fileId);
      } finally {
        release();
      }
    },
  };
}
