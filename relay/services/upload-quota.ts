/** What one person may upload: how much, and how much at once. */
import { RelayError } from '../errors.ts';
import type { FileStore } from '../files/ports.ts';
import type { RelayLimits } from '../limits.ts';
import type { FileReads, UploadSessionReads } from '../repositories/ports.ts';
import { tooMany } from './budgets.ts';

/** What is counted. */
interface Usage {
  files: Pick<FileReads, 'usage'>;
  uploadSessions: Pick<UploadSessionReads, 'pending'>;
}

export interface UploadQuotaOptions {
  reads: Usage;
  store: Pick<FileStore, 'freeBytes'>;
  limits: Pick<
    RelayLimits,
    'uploadsAtOnce' | 'openUploads' | 'fileBytesPerDay' | 'fileBytesPerUser' | 'diskReserveBytes'
  >;
  now: () => number;
}

const DAY = 24 * 60 * 60_000;
/** When one of the uploads under way may have ended. */
const RETRY_MS = 1000;

export type UploadQuota = ReturnType<typeof createUploadQuota>;

export function createUploadQuota({ reads, store, limits, now }: UploadQuotaOptions) {
  const underWay = new Map<string, number>();
  const tracked = new Set<Promise<unknown>>();

  /**
   * @param own bytes that are counted already.
   * @param from the repositories of a write that has locked the person's files, for a check that stays true until it
   *   ends.
   * @throws RelayError `quota_exceeded`.
   */
  async function checkQuota(ownerId: string, size: number, own = 0, from: Usage = reads): Promise<void> {
    const pending = (await from.uploadSessions.pending(ownerId)).bytes - own;
    const today = (await from.files.usage(ownerId, now() - DAY)) + pending + size;
    if (today > limits.fileBytesPerDay) {
      throw new RelayError('quota_exceeded', 'You have uploaded as much as one may in a day.', {
        retryAfterMs: DAY / 24,
      });
    }
    if ((await from.files.usage(ownerId, 0)) + pending + size > limits.fileBytesPerUser) {
      throw new RelayError('quota_exceeded', 'Your files take all the room that one may have.');
    }
  }

  async function track<T>(work: Promise<T>): Promise<T> {
    tracked.add(work);
    return work.finally(() => tracked.delete(work));
  }

  return {
    checkQuota,

    /** Counts work that must end before the node closes its database. */
    track,

    /** @throws RelayError `rate_limited` when there are too many unfinished ones. @param from see `checkQuota`. */
    async checkOpen(ownerId: string, from: Usage): Promise<void> {
      if ((await from.uploadSessions.pending(ownerId)).uploads >= limits.openUploads)
        throw tooMany('Too many unfinished uploads.', RETRY_MS);
    },

    /** @throws RelayError `disk_full` when the bytes would fill the node's disk. */
    async checkRoom(size: number): Promise<void> {
      if ((await store.freeBytes()) - size >= limits.diskReserveBytes) return;
      throw new RelayError('disk_full', 'The disk of the server is full.');
    },

    /** Resolves when no upload is under way. */
    async settled(): Promise<void> {
      while (tracked.size > 0) await Promise.allSettled(tracked);
    },

    /**
     * Runs an upload within the number that may arrive at the same time.
     * @throws RelayError `rate_limited`, and whatever it throws.
     */
    async during<T>(ownerId: string, run: () => Promise<T>): Promise<T> {
      const others = underWay.get(ownerId) ?? 0;
      if (others >= limits.uploadsAtOnce) throw tooMany('Too many uploads at once.', RETRY_MS);
      underWay.set(ownerId, others + 1);
      try {
        return await track(run());
      } finally {
        const left = (underWay.get(ownerId) ?? 1) - 1;
        if (left === 0) underWay.delete(ownerId);
        else underWay.set(ownerId, left);
      }
    },
  };
}
