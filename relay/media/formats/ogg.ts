/** Packets of Ogg (RFC 3533), one after the other, without the file as a whole in memory. */
import type { Bytes } from './bytes.ts';

const HEADER_BYTES = 27;
const BEGINS = 2;
/** Bytes of a packet: comments may hold a cover, sound is far smaller. */
const MAX_PACKET_BYTES = 16 * 1024 * 1024;

/**
 * All packets of the first stream whose first packet `isWanted`, headers included; each lasts until the next one is taken. A
 * page that the end of the file cuts off is the end.
 * @throws RangeError where something else stands in a page's place, where another stream follows, and for endless packets.
 */
export async function* oggPackets(bytes: Bytes, isWanted: (first: Buffer) => boolean): AsyncGenerator<Buffer, void> {
  let serial: number | null = null;
  let begun = false;
  let parts: Buffer[] = [];
  let length = 0;
  for (let at = 0; at + HEADER_BYTES <= bytes.size;) {
    const head = await bytes.read(at, HEADER_BYTES);
    if (head.length < HEADER_BYTES) return;
    if (head.toString('latin1', 0, 4) !== 'OggS') throw new RangeError('no page of Ogg');
    const [flags, own, segments] = [head.readUInt8(5), head.readUInt32LE(14), head.readUInt8(26)];
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
    let [from, to] = [0, 0];
    for (const lace of laces) {
      to += lace;
      if (lace === 255) continue;
      const rest = body.subarray(from, to);
      // A copy where it began on an earlier page, whose bytes are gone by now.
      yield parts.length === 0 ? rest : Buffer.concat([...parts, rest]);
      [parts, length, from] = [[], 0, to];
    }
    if (from === to) continue;
    parts.push(Buffer.from(body.subarray(from, to)));
    length += to - from;
    if (length > MAX_PACKET_BYTES) throw new RangeError('a packet of Ogg is too long');
  }
}
