/**
 * Removes what nobody will ask for: uploads in parts that expired, bytes that a crash left without a record, and files
 * that were never attached, shown or listed. Runs at the start of a node and every day.
 */
import type { FileStore } from '../files/ports.ts';
import type { RelayLimits } from '../limits.ts';
import type { FileReads, Scanned, TimePlace, UploadSessionReads, WriteQueue } from '../repositories/ports.ts';

export interface FileSweepOptions {
  files: Pick<FileReads, 'findAll' | 'unused'>;
  sessions: Pick<UploadSessionReads, 'expired' | 'awaited'>;
  store: Pick<FileStore, 'discard' | 'remove' | 'olderThan'>;
  queue: WriteQueue;
  limits: Pick<RelayLimits, 'unusedFileMs'>;
  /** Lets other work run between two steps. */
  turns: { next(): Promise<void> };
  now: () => number;
  /** Called with what was removed, if anything was. */
  onSwept: (swept: Swept) => void;
  onError: (error: unknown) => void;
}

/** How many of each were removed. */
export interface Swept {
  uploads: number;
  drafts: number;
  files: number;
  unused: number;
}

const DAY = 24 * 60 * 60_000;
/** A file without a record may be about to get one. */
const ORPHAN_MS = 60 * 60_000;
/** Rows per write, and files looked at per turn. */
const BATCH = 50;
const SCANNED = 500;

export function createFileSweep(options: FileSweepOptions) {
  const { files, sessions, store, queue, limits, turns, now, onSwept, onError } = options;
  const startedAt = now();
  let stopped = false;
  let running: Promise<void> = Promise.resolve();

  async function expireUploads(): Promise<number> {
    let count = 0;
    for (;;) {
      const rows = await sessions.expired(now(), BATCH);
      if (rows.length === 0 || stopped) return count;
      await queue.run(async (tx) => {
        for (const { id } of rows) await tx.uploadSessions.remove(id);
      });
      // Of those that are complete nothing is left here: their file has a record of its own.
      for (const { fileId } of rows) await store.discard(fileId);
      count += rows.length;
      await turns.next();
    }
  }

  async function removeUnused(): Promise<number> {
    let count = 0;
    const before = now() - limits.unusedFileMs;
    let after: TimePlace | null = null;
    do {
      await turns.next();
      const { found, last }: Scanned<string, TimePlace> = await files.unused(after, before, SCANNED);
      for (let start = 0; start < found.length; start += BATCH) {
        // They are looked at again in the write, so that nothing is attached in between.
        const ids = await queue.run((tx) => tx.files.removeUnused(found.slice(start, start + BATCH)));
        for (const id of ids) await store.remove(id);
        count += ids.length;
      }
      after = last;
    } while (after && !stopped);
    return count;
  }

  /** Drafts of before this start, and files of more than an hour ago, without a record of either kind. */
  async function removeOrphans(): Promise<{ drafts: number; files: number }> {
    const count = { drafts: 0, files: 0 };
    const orphaned = now() - ORPHAN_MS;
    for await (const { kind, ids } of store.olderThan({ draft: Math.max(startedAt, orphaned), file: orphaned })) {
      if (stopped) return count;
      const known = new Set(await sessions.awaited(ids));
      if (kind === 'file') for (const { id } of await files.findAll(ids)) known.add(id);
      for (const id of ids) {
        if (known.has(id)) continue;
        if (kind === 'draft') await store.discard(id);
        else await store.remove(id);
        count[kind === 'draft' ? 'drafts' : 'files'] += 1;
      }
      await turns.next();
    }
    return count;
  }

  async function sweep(): Promise<void> {
    try {
      const swept = { uploads: await expireUploads(), unused: await removeUnused(), ...(await removeOrphans()) };
      if (Object.values(swept).some((count) => count > 0)) onSwept(swept);
    } catch (error) {
      onError(error);
    }
  }

  /** One sweep after the other. */
  function run(): Promise<void> {
    running = running.then(() => (stopped ? undefined : sweep()));
    return running;
  }

  const timer = setInterval(() => void run(), DAY);
  timer.unref();

  return {
    run,
    /** Ends the sweep under way and begins no other. */
    async close(): Promise<void> {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
