/** Packets of Opus and Vorbis in Ogg. */
import { letters, viewOf, type Sound, type SoundBytes } from './bytes.ts';

const HEADER_BYTES = 27;
const BEGINS = 2;
/** Bytes of a packet: comments may hold a cover, sound is far smaller. */
const MOST_PACKET_BYTES = 16 * 1024 * 1024;

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const isSound = (first: Uint8Array): boolean =>
  letters(first, 0, 8) === 'OpusHead' || letters(first, 0, 7) === '\u0001vorbis';

/**
 * All packets of the first stream of sound, headers included. A page that the end of the file cuts off is the end. Throws
 * when something else stands where a page should, or when another stream follows: its length is not known.
 */
async function* streamPackets(bytes: SoundBytes): AsyncGenerator<Uint8Array, void> {
  let serial: number | null = null;
  let begun = false;
  let parts: Uint8Array[] = [];
  let length = 0;
  for (let at = 0; at + HEADER_BYTES <= bytes.size;) {
    const head = viewOf(await bytes.read(at, HEADER_BYTES));
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
      if (serial === null && isSound(body)) serial = own;
    } else begun = true;
    if (own !== serial) continue;
    let from = 0;
    let to = 0;
    for (const lace of laces) {
      to += lace;
      if (lace === 255) continue;
      const rest = body.subarray(from, to);
      // A copy where it began on an earlier page, whose bytes are gone by now.
      yield parts.length === 0 ? rest : joined([...parts, rest]);
      [parts, length, from] = [[], 0, to];
    }
    if (from === to) continue;
    parts.push(body.slice(from, to));
    length += to - from;
    if (length > MOST_PACKET_BYTES) throw new RangeError('a packet of Ogg is too long');
  }
}

/** A length as Vorbis headers are joined: as many 255 as fit, and the rest. */
const lace = (length: number): number[] => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255];

function opusConfig(head: Uint8Array): AudioDecoderConfig | null {
  if (head.length < 19) return null;
  return { codec: 'opus', sampleRate: 48_000, numberOfChannels: head[9] ?? 2, description: head };
}

function vorbisConfig(headers: readonly Uint8Array[]): AudioDecoderConfig | null {
  const [id = new Uint8Array(0), comments = new Uint8Array(0)] = headers;
  if (id.length < 30) return null;
  const lengths = Uint8Array.from([headers.length - 1, ...lace(id.length), ...lace(comments.length)]);
  const description = joined([lengths, ...headers]);
  return { codec: 'vorbis', sampleRate: viewOf(id).getUint32(12, true), numberOfChannels: id[11] ?? 2, description };
}

/** Null when its first stream is neither Opus nor Vorbis. */
export async function oggSound(bytes: SoundBytes): Promise<Sound | null> {
  const headers: Uint8Array[] = [];
  let count = 3;
  for await (const packet of streamPackets(bytes)) {
    headers.push(packet.slice());
    if (letters(packet, 0, 8) === 'OpusHead') count = 2;
    if (headers.length >= count) break;
  }
  const [first] = headers;
  if (first === undefined || headers.length < count) return null;
  const config = count === 2 ? opusConfig(first) : vorbisConfig(headers);
  return (
    config && {
      config,
      async *packets() {
        let left = count;
        for await (const packet of streamPackets(bytes)) {
          left -= 1;
          if (left < 0 && packet.length > 0) yield packet;
        }
      },
    }
  );
}
