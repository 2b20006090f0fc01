/** Writes a stream to a file: one write under way while the next bytes arrive, and a record of what is on disk. */
import { RelayError } from '../errors.ts';
import type { WritableFile } from './file-system.ts';

/** Bytes collected per write. */
const WRITE_BYTES = 1024 * 1024;

export interface WriteOptions {
  /** The position of the first byte. */
  from: number;
  /** The longest the file may become; beyond it `too_large`. */
  maxBytes: number;
  onBytes: (chunk: Uint8Array) => void;
  /** Called in order, each time everything up to a position is on disk: after so many bytes, and at the end. */
  onSynced?: { every: number; reached: (position: number) => Promise<void> };
}

/**
 * Resolves with the end of the file once everything is on disk. If the source fails, what arrived is still brought to
 * the disk and reported.
 * @throws RelayError `too_large`, what the source throws, and what the disk throws.
 */
export async function writeStream(
  file: WritableFile,
  source: AsyncIterable<Uint8Array>,
  { from, maxBytes, onBytes, onSynced }: WriteOptions,
): Promise<number> {
  let end = from;
  let position = from;
  let synced = from;
  let chunks: Uint8Array[] = [];
  let underWay: Promise<void> = Promise.resolve();

  async function sync(upTo: number): Promise<void> {
    await file.sync();
    if (upTo > synced) await onSynced?.reached(upTo);
    synced = upTo;
  }

  async function flush(): Promise<void> {
    await underWay;
    const [batch, at, upTo] = [chunks, position, end];
    chunks = [];
    position = end;
    const isDue = onSynced !== undefined && upTo - synced >= onSynced.every;
    underWay = file.write(batch, at).then(() => (isDue ? sync(upTo) : undefined));
    // A failure is thrown where the next flush waits for it.
    underWay.catch(() => undefined);
  }

  async function finish(): Promise<void> {
    await flush();
    await underWay;
    await sync(end);
  }

  try {
    for await (const chunk of source) {
      if (end + chunk.length > maxBytes) throw new RelayError('too_large', 'The file is too large.');
      end += chunk.length;
      onBytes(chunk);
      chunks.push(chunk);
      if (end - position >= WRITE_BYTES) await flush();
    }
  } catch (error) {
    // The disk's own failure is the reason, and nothing more can be written.
    await finish();
    throw error;
  }
  await finish();
  return end;
}
