/** Writes a stream to a file: one write under way while the next bytes arrive, and a record of what is on disk. */
import { RelayError } from '../errors.ts';
import type { WritableFile } from './file-system.ts';

/** Bytes collected per write. They are copied: chunks that are kept until their write ends cost far more to collect. */
const WRITE_BYTES = 512 * 1024;

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
  /** One is filled while the other is written. */
  let filling = Buffer.allocUnsafeSlow(WRITE_BYTES);
  let writing = Buffer.allocUnsafeSlow(WRITE_BYTES);
  let filled = 0;
  /** Where the filled bytes belong. */
  let position = from;
  let synced = from;
  let underWay: Promise<void> = Promise.resolve();

  async function sync(upTo: number): Promise<void> {
    await file.sync();
    if (upTo > synced) await onSynced?.reached(upTo);
    synced = upTo;
  }

  async function flush(): Promise<void> {
    await underWay;
    const [bytes, at] = [filling.subarray(0, filled), position];
    [filling, writing] = [writing, filling];
    position += filled;
    filled = 0;
    const upTo = position;
    const isDue = onSynced !== undefined && upTo - synced >= onSynced.every;
    underWay = file.write(bytes, at).then(() => (isDue ? sync(upTo) : undefined));
    // A failure is thrown where the next flush waits for it.
    underWay.catch(() => undefined);
  }

  async function finish(): Promise<void> {
    await flush();
    await underWay;
    await sync(position);
  }

  try {
    for await (const chunk of source) {
      if (position + filled + chunk.length > maxBytes) throw new RelayError('too_large', 'The file is too large.');
      onBytes(chunk);
      for (let at = 0; at < chunk.length;) {
        const part = chunk.subarray(at, at + WRITE_BYTES - filled);
        filling.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled === WRITE_BYTES) await flush();
      }
    }
  } catch (error) {
    // The disk's own failure is the reason, and nothing more can be written.
    await finish();
    throw error;
  }
  await finish();
  return position;
}
