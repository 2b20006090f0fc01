/**
 * Packets of Ogg (RFC 3533), one after the other, without the file as a whole in memory: for the relay, which decodes them,
 * and for the page, which has them decoded. Pure, over whatever reads the bytes.
 */

/** A file's bytes by place. */
export interface ByteSource {
  /** Of the file. */
  readonly size: number;
  /** The bytes from a place on: as many as asked for, or fewer at the end of the file. */
  read(at: number, length: number): Promise<Uint8Array>;
}

const HEADER_BYTES = 27;
const BEGINS = 2;
/** Bytes of a packet: comments may hold a cover, sound is far smaller. */
const MOST_PACKET_BYTES = 16 * 1024 * 1024;

/** Pieces of bytes as one. */
export function joinedBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * All packets of the first stream whose first packet `isWanted`, headers included; each lasts until the next one is taken. A
 * page that the end of the file cuts off is the end.
 * @throws RangeError where something else stands in a page's place, where another stream follows (its length is not
 * known), and for endless packets.
 */
export async function* oggPackets(
  bytes: ByteSource,
  isWanted: (first: Uint8Array) => boolean,
): AsyncGenerator<Uint8Array, void> {
  let serial: number | null = null;
  let begun = false;
  let parts: Uint8Array[] = [];
  let length = 0;
  for (let at = 0; at + HEADER_BYTES <= bytes.size;) {
    const page = await bytes.read(at, HEADER_BYTES);
    if (page.length < HEADER_BYTES) return;
    const head = new DataView(page.buffer, page.byteOffset, page.byteLength);
    if (head.getUint32(0) !== 0x4f676753) throw new RangeError('no page of Ogg');
    const [flags, own, segments] = [head.getUint8(5), head.getUint32(14, true), head.getUint8(26)];
    const laces = Uint8Array.from(await bytes.read(at + HEADER_BYTES, segments));
    const start = at + HEADER_BYTES + segments;
    const size = laces.reduce((sum, lace) => sum + lace, 0);
    if (laces.length < segments || start + size > bytes.size) return;
    const body = await bytes.read(start, size);
    at = start + size;
    if ((flags & BEGINS) !== 0) {
      if (begun) throw new RangeError('a chain of streams');
      if (serial === null && isWanted(body)) serial = own;
    } else begun = true;
    if (own !== serial) continue;
    let from = 0;
    let to = 0;
    for (const lace of laces) {
      to += lace;
      if (lace === 255) continue;
      const rest = body.subarray(from, to);
      // A copy where it began on an earlier page, whose bytes are gone by now.
      yield parts.length === 0 ? rest : joinedBytes([...parts, rest]);
      [parts, length, from] = [[], 0, to];
    }
    if (from === to) continue;
    parts.push(body.slice(from, to));
    length += to - from;
    if (length > MOST_PACKET_BYTES) throw new RangeError('a packet of Ogg is too long');
  }
}
