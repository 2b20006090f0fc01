/** A list of the server's on its way into a file. What breaks off stays, with a last line that says so. */
import { CSV_INCOMPLETE } from '#contract/model/csv.ts';
import type { Download, Logger } from '../ports.ts';

/** A file on its way to its place. */
export interface GrowingFile {
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
  finish(markOfTheWeb: boolean): Promise<string>;
  discard(): Promise<void>;
}

/** Bytes at the end that may hold the last line. */
const TAIL = 64;
const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/** Writes all that comes. @returns whether it came to its end. @throws what the disk says. */
export async function writeList(download: Download, file: GrowingFile, logger: Logger): Promise<boolean> {
  let tail = Buffer.alloc(0);
  let isQuoted = false;
  const chunks = download.body[Symbol.asyncIterator]();
  for (;;) {
    let taken: IteratorResult<Uint8Array, unknown>;
    try {
      taken = await chunks.next();
    } catch (error) {
      logger.info('admin.export_broke_off', { reason: error instanceof Error ? error.message : 'unknown' });
      // It may have ended within a quoted cell, or within a line.
      const end = `${isQuoted ? '"' : ''}${isQuoted || tail.at(-1) !== LINE_FEED ? '\r\n' : ''}`;
      await file.append(Buffer.from(`${end}${CSV_INCOMPLETE}\r\n`, 'utf8'));
      return false;
    }
    if (taken.done === true) break;
    await file.append(taken.value);
    for (const byte of taken.value) if (byte === QUOTE) isQuoted = !isQuoted;
    tail = Buffer.concat([tail, taken.value]).subarray(-TAIL);
  }
  const last = tail.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  return last.trim() !== CSV_INCOMPLETE;
}
