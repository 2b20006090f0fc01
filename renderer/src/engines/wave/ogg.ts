/** Packets of Opus and Vorbis in Ogg. */
import { joinedBytes, oggPackets } from '#contract/model/ogg-packets.ts';
import { letters, viewOf, type Sound, type SoundBytes } from './bytes.ts';

const isSound = (first: Uint8Array): boolean =>
  letters(first, 0, 8) === 'OpusHead' || letters(first, 0, 7) === '\u0001vorbis';

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
  const description = joinedBytes([lengths, ...headers]);
  return { codec: 'vorbis', sampleRate: viewOf(id).getUint32(12, true), numberOfChannels: id[11] ?? 2, description };
}

/** Null when its first stream is neither Opus nor Vorbis. */
export async function oggSound(bytes: SoundBytes): Promise<Sound | null> {
  const headers: Uint8Array[] = [];
  let count = 3;
  for await (const packet of oggPackets(bytes, isSound)) {
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
        for await (const packet of oggPackets(bytes, isSound)) {
          left -= 1;
          if (left < 0 && packet.length > 0) yield packet;
        }
      },
    }
  );
}
