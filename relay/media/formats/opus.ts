/** Loudness of Ogg Opus (RFC 7845): decoded packet by packet by libopus, compiled to WebAssembly. */
import { OpusDecoder } from 'opus-decoder';
import { LEVELS_PER_SECOND, type Levels } from '#contract/model/levels.ts';
import { oggPackets } from '#contract/model/ogg-packets.ts';
import type { Bytes } from './bytes.ts';

const MAGIC = 'OpusHead';
const HEAD_BYTES = 19;
const OPUS_RATE = 48_000;
/** Packets between two looks at the clock. */
const LOOK_EVERY = 50;

export interface OpusSetup {
  channels: number;
  streamCount: number;
  coupledStreamCount: number;
  channelMappingTable: number[];
}

/** How the channels are coded, by the first packet; null when that is no such header, or one that cannot be right. */
export function opusSetup(head: Buffer): OpusSetup | null {
  if (head.length < HEAD_BYTES || head.toString('latin1', 0, 8) !== MAGIC || head.readUInt8(8) >= 16) return null;
  const [channels, family] = [head.readUInt8(9), head.readUInt8(18)];
  if (family === 0) {
    if (channels < 1 || channels > 2) return null;
    const channelMappingTable = channels === 2 ? [0, 1] : [0];
    return { channels, streamCount: 1, coupledStreamCount: channels - 1, channelMappingTable };
  }
  if (family !== 1 || channels < 1 || channels > 8 || head.length < HEAD_BYTES + 2 + channels) return null;
  const [streamCount, coupledStreamCount] = [head.readUInt8(19), head.readUInt8(20)];
  const channelMappingTable = [...head.subarray(21, 21 + channels)];
  const coded = streamCount + coupledStreamCount;
  const isRight =
    streamCount >= 1 &&
    coupledStreamCount <= streamCount &&
    coded <= channels &&
    channelMappingTable.every((one) => one < coded || one === 255);
  return isRight ? { channels, streamCount, coupledStreamCount, channelMappingTable } : null;
}

/** Bytes of a packet that the decoder takes, per channel: 256 kbit/s in its longest packet. */
const PACKET_BYTES = 3840;

/**
 * Adds the loudness of all packets; the loudest channel counts.
 * @param isLate looked at now and then: true gives up.
 * @returns false when it was given up, and for what is not Ogg Opus.
 * @throws RangeError for a file that is not what its begin says.
 */
export async function addOpusLevels(bytes: Bytes, levels: Levels, isLate: () => boolean): Promise<boolean> {
  const packets = oggPackets(bytes, (first) => Buffer.from(first.subarray(0, 8)).toString('latin1') === MAGIC);
  const head = await packets.next();
  const setup = head.done === true ? null : opusSetup(Buffer.from(head.value));
  if (setup === null) return false;
  const decoder = new OpusDecoder(setup);
  await decoder.ready;
  try {
    const step = OPUS_RATE / LEVELS_PER_SECOND;
    let [loudest, count] = [0, 0];
    const add = (channels: readonly Float32Array[], samples: number): void => {
      for (let at = 0; at < samples; at += 1) {
        for (const channel of channels) loudest = Math.max(loudest, Math.abs(channel[at] ?? 0));
        count += 1;
        if (count < step) continue;
        levels.add(Math.min(1, loudest));
        [loudest, count] = [0, 0];
      }
    };
    let number = 0;
    for await (const packet of packets) {
      number += 1;
      // The first one is the comments.
      if (number === 1 || packet.length === 0) continue;
      if (number % LOOK_EVERY === 0 && isLate()) return false;
      if (packet.length > PACKET_BYTES * setup.channels) throw new RangeError('a packet of Opus is too long');
      const { channelData, samplesDecoded, errors } = decoder.decodeFrame(packet);
      if (errors.length > 0) throw new RangeError('a packet of Opus cannot be decoded');
      add(channelData, samplesDecoded);
    }
    if (count > 0) levels.add(Math.min(1, loudest));
  } finally {
    decoder.free();
  }
  return true;
}
