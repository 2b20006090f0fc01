/**
 * Finds out whether the database was put back to an earlier day.
 *
 * The epoch is a random name for one unbroken history of the data. It stands in the database and in a small file beside
 * it, which also holds how many transactions had been committed when it was last written, and its own inode. At start
 * the two are compared: another name, a database with fewer commits than the file remembers, a missing file, or a file
 * that is a copy (another inode) mean that something was restored. Then a new epoch begins, and every client reads
 * everything again. Being wrong in that direction costs a reload; being wrong in the other would hide messages.
 */
import { closeSync, fstatSync, openSync, readFileSync, writeSync, ftruncateSync, constants } from 'node:fs';
import { createId } from '@paralleldrive/cuid2';
import { z } from 'zod';
import type { Database } from './database.ts';
import { keptFile } from './folder.ts';
import { text } from './rows.ts';

const Watermark = z.object({ epoch: z.string().min(1).max(64), commits: z.number().int().min(0), inode: z.string() });
type Watermark = z.infer<typeof Watermark>;

/** Pure: does the mark beside the database belong to the same unbroken history? */
export function isSameHistory(
  stored: { epoch: string | null; commits: number },
  mark: Watermark | null,
  inode: string,
): boolean {
  return mark !== null && mark.epoch === stored.epoch && mark.inode === inode && stored.commits >= mark.commits;
}

export interface EpochKeeper {
  readonly epoch: string;
  /** Tells the number of commits; it reaches the file within a second. */
  committed: (commits: number) => void;
  /** Writes the last number and lets the file go. */
  close(): void;
}

function parseMark(content: string): Watermark | null {
  try {
    return Watermark.parse(JSON.parse(content));
  } catch (error) {
    // An empty, torn or foreign file says nothing about the history: the same as none.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** Bytes of a mark at most; what is longer is none. */
const MAX_BYTES = 1024;

/**
 * Compares, decides and from then on keeps the mark up to date. Call it before anything is written.
 * @param onError is told when the disk does not take the mark: the next commit tries again, and a mark that is behind
 * costs nothing.
 */
export function openEpoch(
  database: Database,
  folder: string,
  commits: number,
  onError: (error: unknown) => void,
  writeEveryMs = 1000,
): EpochKeeper {
  const { path, size } = keptFile(folder, 'epoch.json');
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const inode = fstatSync(file, { bigint: true }).ino.toString();
  const mark = (size ?? 0) > MAX_BYTES ? null : parseMark(readFileSync(path, 'utf8'));
  const row = database.prepare(`SELECT value FROM meta WHERE name = 'epoch'`).get();
  const stored = row ? text(row, 'value') : null;
  const same = isSameHistory({ epoch: stored, commits }, mark, inode);
  const epoch = same && stored !== null ? stored : createId();
  if (!same) {
    database
      .prepare(`INSERT INTO meta (name, value) VALUES ('epoch', ?) ON CONFLICT DO UPDATE SET value = excluded.value`)
      .run(epoch);
  }

  let written = -1;
  let latest = commits;
  let timer: NodeJS.Timeout | null = null;
  // In place, not by rename: the inode is part of what is compared.
  function write(): void {
    if (written === latest) return;
    const content = Buffer.from(JSON.stringify({ epoch, commits: latest, inode } satisfies Watermark));
    writeSync(file, content, 0, content.length, 0);
    ftruncateSync(file, content.length);
    written = latest;
  }
  write();
  function tryToWrite(): void {
    timer = null;
    try {
      write();
    } catch (error) {
      onError(error);
    }
  }

  return {
    epoch,
    committed(count) {
      latest = count;
      timer ??= setTimeout(tryToWrite, writeEveryMs).unref();
    },
    close() {
      if (timer) clearTimeout(timer);
      tryToWrite();
      closeSync(file);
    },
  };
}
