/** How a sound of MP4 is coded: its descriptor (ISO/IEC 14496-1, 7.2.6) and, in that, what AAC says of itself (14496-3, 1.6.2). */
import { RATES } from './aac-bands.ts';
import { Bits } from './bits.ts';

/** Kinds of sound that MPEG-4 has numbers for. */
const LC = 2;
const SBR = 5;
const PS = 29;
/** Streams by the number of their decoder: MPEG-4's, and AAC-LC of MPEG-2. */
const DECODERS: ReadonlySet<number> = new Set([0x40, 0x67]);
/** Descriptors by their tag. */
const TAGS = { stream: 3, decoder: 4, own: 5 } as const;

function readRate(bits: Bits): number {
  const index = bits.unsigned(4);
  return index === 15 ? bits.unsigned(24) : (RATES[index] ?? 0);
}

const readKind = (bits: Bits): number => {
  const kind = bits.unsigned(5);
  return kind === 31 ? 32 + bits.unsigned(6) : kind;
};

/** The rate of AAC-LC, or of the lower half of HE-AAC, in Hz; null for another kind. @throws RangeError past the end. */
export function aacRate(own: Buffer): number | null {
  const bits = new Bits(own);
  let kind = readKind(bits);
  const rate = readRate(bits);
  bits.skip(4);
  if (kind === SBR || kind === PS) {
    readRate(bits);
    kind = readKind(bits);
  }
  // Frames of 960 samples are for radio, and have bands of their own.
  const isShorter = kind === LC && bits.unsigned(1) === 1;
  return kind !== LC || isShorter || rate === 0 ? null : rate;
}

/** The contents of a descriptor that has to be next, and what follows it; null for another one. */
function descriptor(buffer: Buffer, tag: number): Buffer | null {
  if (buffer[0] !== tag) return null;
  let at = 1;
  // Its size, seven bits in a byte: what is read of it is at its begin.
  while (at < 4 && (buffer[at] ?? 0) >= 128) at += 1;
  return buffer.subarray(at + 1);
}

/** The rate of a sound by the contents of its `esds`, in Hz; null where it is not read here. Throws nothing. */
export function describedRate(esds: Buffer): number | null {
  const stream = descriptor(esds.subarray(4), TAGS.stream);
  if (stream === null || stream.length < 3) return null;
  const flags = stream.readUInt8(2);
  // What depends on another stream, or is elsewhere, is not in a file that plays by itself.
  if ((flags & 0xc0) !== 0) return null;
  const decoder = descriptor(stream.subarray((flags & 0x20) !== 0 ? 5 : 3), TAGS.decoder);
  if (decoder === null || !DECODERS.has(decoder[0] ?? 0)) return null;
  const own = descriptor(decoder.subarray(13), TAGS.own);
  try {
    return own && aacRate(own);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
