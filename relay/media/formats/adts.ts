/** AAC as a stream of frames, each with a header of its own (ADTS; ISO/IEC 13818-7, 6.2). */
import { RATES } from './aac-bands.ts';
import type { Bytes } from './bytes.ts';

const HEADER_BYTES = 7;
/** Bytes between two frames that are looked through before the rest is given up. */
const MAX_LOST = 64 * 1024;

export interface AdtsHeader {
  /** 1 is AAC-LC. */
  profile: number;
  /** An index of `RATES`. */
  rateIndex: number;
  /** In bytes: of the frame, and of what stands before its sound. */
  length: number;
  start: number;
  /** Blocks of sound in it. */
  blocks: number;
  /** Bytes of the sum behind each of several blocks. */
  sumBytes: number;
}

/** The header of a frame at a place; null when there is none. */
export function adtsHeader(buffer: Buffer, at: number): AdtsHeader | null {
  if (at + HEADER_BYTES > buffer.length || (buffer.readUInt16BE(at) & 0xfff6) !== 0xfff0) return null;
  const [kind, rest] = [buffer.readUInt8(at + 2), buffer.readUInt32BE(at + 2)];
  const rateIndex = (kind >> 2) & 15;
  const length = (rest >>> 5) & 0x1fff;
  const blocks = (buffer.readUInt8(at + 6) & 3) + 1;
  const isSummed = (buffer.readUInt8(at + 1) & 1) === 0;
  // Behind several blocks each has its own sum, and the header says where they begin.
  const start = HEADER_BYTES + (isSummed ? blocks * 2 : 0);
  if (rateIndex >= RATES.length || length < start) return null;
  return { profile: kind >> 6, rateIndex, length, start, blocks, sumBytes: isSummed && blocks > 1 ? 2 : 0 };
}

/** One or more blocks of sound as they are in the file. */
export interface AacPacket {
  bytes: Buffer;
  blocks: number;
  /** Bytes behind each block. */
  sumBytes: number;
}

/** The frames from a place on, up to more than 64 KiB of something else. Throws nothing for any bytes. */
export async function* adtsPackets(bytes: Bytes, start: number, rateIndex: number): AsyncGenerator<AacPacket, void> {
  const headerAt = async (at: number): Promise<AdtsHeader | null> => {
    const header = adtsHeader(await bytes.read(at, HEADER_BYTES), 0);
    return header?.profile === 1 && header.rateIndex === rateIndex ? header : null;
  };
  let [at, lost] = [start, 0];
  while (at + HEADER_BYTES <= bytes.size && lost < MAX_LOST) {
    const header = await headerAt(at);
    const end = at + (header?.length ?? 0);
    // What looks like a header occurs by chance: behind other bytes a second one has to follow.
    const isFrame = header !== null && (lost === 0 || end === bytes.size || (await headerAt(end)) !== null);
    if (!isFrame) {
      at += 1;
      lost += 1;
      continue;
    }
    const frame = await bytes.read(at, header.length);
    if (frame.length < header.length) return;
    at = end;
    // Some live encoders write headers without a sound; a file of nothing else is not read to its end.
    if (header.length === header.start) {
      lost += header.length;
      continue;
    }
    yield { bytes: frame.subarray(header.start), blocks: header.blocks, sumBytes: header.sumBytes };
    lost = 0;
  }
}
