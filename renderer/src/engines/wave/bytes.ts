/** A sound's bytes, read by range through a window: a long file takes no more memory than a short one. */

const WINDOW_BYTES = 256 * 1024;
/** The most that is read at once, in bytes. */
const MOST_BYTES = 16 * 1024 * 1024;

export interface SoundBytes {
  /** Of the file. */
  readonly size: number;
  /** The bytes from a place on: as many as asked for, or fewer at the end of the file. Rejects when they cannot be had. */
  read(at: number, length: number): Promise<Uint8Array>;
}

/** What a decoder needs of a file: how it is set up, and the packets one after the other. */
export interface Sound {
  config: AudioDecoderConfig;
  /** Each lasts until the next one is taken. Throws when the file breaks off or is not as its begin says. */
  packets(): AsyncGenerator<Uint8Array, void>;
}

/** Big-endian numbers of a buffer. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The characters of a few bytes. */
export const letters = (bytes: Uint8Array, at: number, count: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + count));

/** The bytes of a part and the size of the whole, in bytes. */
async function fetchPart(address: string, from: number, length: number): Promise<{ part: Uint8Array; size: number }> {
  const answer = await fetch(address, { headers: { range: `bytes=${String(from)}-${String(from + length - 1)}` } });
  const [, start, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.headers.get('content-range') ?? '') ?? [];
  if (answer.status !== 206 || Number(start) !== from) {
    await answer.body?.cancel();
    throw new RangeError(`no such part of a sound: ${String(answer.status)}`);
  }
  return { part: new Uint8Array(await answer.arrayBuffer()), size: Number(size) };
}

/** Opens the bytes at an address that answers ranges. Rejects when it does not. */
export async function openBytes(address: string): Promise<SoundBytes> {
  let start = 0;
  const first = await fetchPart(address, 0, WINDOW_BYTES);
  let window = first.part;
  const { size } = first;

  return {
    size,
    async read(at, length) {
      const end = Math.min(at + length, size);
      if (at < 0 || at >= end) return new Uint8Array(0);
      if (end - at > MOST_BYTES) throw new RangeError('too much of a sound at once');
      if (at < start || end > start + window.length) {
        const { part } = await fetchPart(address, at, Math.min(Math.max(end - at, WINDOW_BYTES), size - at));
        if (part.length < end - at) throw new RangeError('a part of a sound is too short');
        [start, window] = [at, part];
      }
      return window.subarray(at - start, end - start);
    },
  };
}
