/**
 * The begin of an Ogg Opus file as a media element needs it. Its header says how many samples stand before the sound,
 * and Chromium leaves them out twice: once in its demuxer, once in its decoder. So the first 6.5 ms of most files would
 * be lost. Told half as many, it leaves out exactly what it should; with an odd number one sample is left.
 *
 * `tests/e2e/audio-engine.spec.ts` fails in a browser that leaves them out once.
 */

/** Bytes of the longest first page: its header, one length, and the packet. */
export const OPUS_PAGE_BYTES = 27 + 1 + 255;

const PAGE_HEADER = 28;
/** Places of the checksum, of the packet's name and of its number of samples. */
const CHECKSUM = 22;
const PRE_SKIP = PAGE_HEADER + 10;
const POLYNOMIAL = 0x04c1_1db7;

/** The checksum of a page of Ogg (RFC 3533), whose own checksum is zero. */
function checksumOf(page: Uint8Array): number {
  let sum = 0;
  for (const byte of page) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum << 1) ^ (sum < 0 ? POLYNOMIAL : 0);
  }
  return sum >>> 0;
}

/**
 * Bytes from the begin of a file, with the number halved where it is Ogg Opus; the same bytes where it is something else,
 * or where its first page is not there as a whole.
 */
export function forMediaElement(head: Uint8Array): Uint8Array {
  const size = PAGE_HEADER + (head[27] ?? 0);
  const name = Buffer.from(head.subarray(0, PAGE_HEADER + 8)).toString('latin1');
  const isOpus = name.startsWith('OggS') && name.endsWith('OpusHead') && head[26] === 1;
  if (!isOpus || size < PAGE_HEADER + 19 || head.length < size) return head;
  const copy = Uint8Array.from(head);
  const view = new DataView(copy.buffer);
  view.setUint16(PRE_SKIP, view.getUint16(PRE_SKIP, true) >>> 1, true);
  view.setUint32(CHECKSUM, 0, true);
  view.setUint32(CHECKSUM, checksumOf(copy.subarray(0, size)), true);
  return copy;
}

/** Passes a file's bytes on from its begin, with its first page as a media element needs it. */
export async function* withOpusHead(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let head: Uint8Array | null = new Uint8Array(0);
  for await (const piece of pieces) {
    if (head === null) {
      yield piece;
      continue;
    }
    head = head.length === 0 ? piece : Buffer.concat([head, piece]);
    if (head.length < OPUS_PAGE_BYTES) continue;
    yield forMediaElement(head);
    head = null;
  }
  if (head !== null && head.length > 0) yield forMediaElement(head);
}
