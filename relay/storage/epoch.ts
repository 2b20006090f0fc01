/**
 * Detects a database restored from an earlier state.
 *
 * The epoch is a random name for one continuous history of the data. It is stored in the database and in a small file
 * next to it, which also records the number of committed transactions as of its last write, and its own inode. At start
 * the two are compared: a different name, a database with fewer commits than recorded, a missing file, or a copied file
 * (different inode) mean that something was restored. Then a new epoch begins and every client reloads everything. A
 * false positive costs a reload; a false negative would hide messages.
 */
import { closeSync, fstatSync, openSync, readFileSync, writeSync, ftruncateSync, constants } from 'node:fs';
import { z } from 'zod';
import { newId } from '../ids.ts';
import { keptFile } from './folder.ts';
import type { Database } from '../repositories/sqlite/connection.ts';

const Watermark = z.object({ epoch: z.string().min(1).max(64), commits: z.number().int().min(0), inode: z.string() });
type Watermark = z.infer<typeof Watermark>;

/** Pure: does the file next to the database belong to the same continuous history? */
export function isSameHistory(
  stored: { epoch: string | null; commits: number },
  mark: Watermark | null,
  inode: string,
): boolean {
  return mark !== null && mark.epoch === stored.epoch && mark.inode === inode && stored.commits >= mark.commits;
}

export interface EpochKeeper {
  readonly epoch: string;
  /** Reports the number of commits; it is written to the file within a second. */
  committed: (commits: number) => void;
  /** Writes the last number and closes the file. */
  close: () => void;
}

function parseMark(content: string): Watermark | null {
  try {
    return Watermark.parse(JSON.parse(content));
  } catch (error) {
    // An empty, torn or foreign file says nothing about the history: same as a missing one.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** Maximum file size in bytes; anything longer is invalid. */
const MAX_BYTES = 1024;

/**
 * Compares, decides, and then keeps the file up to date. Call it before anything is written.
 * @param onError called when the file cannot be written: the next commit tries again, and an outdated file is harmless.
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
  const stored = typeof row?.value === 'string' ? row.value : null;
  const same = isSameHistory({ epoch: stored, commits }, mark, inode);
  const epoch = same && stored !== null ? stored : newId();
  if (!same) {
    database
      .prepare(`INSERT INTO meta (name, value) VALUES ('epoch', ?) ON CONFLICT DO UPDATE SET value = excluded.value`)
      .run(epoch);
  }

  let written = -1;
  let latest = commits;
  let timer: NodeJS.Timeout | null = null;
  // In place, not by rename: the inode is part of the comparison.
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
