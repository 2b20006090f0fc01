/** Loudness of AAC-LC, in MP4 or as frames of ADTS: decoded here. Of HE-AAC it is that of the lower half of the frequencies. */
import { LEVELS_PER_SECOND, type Levels } from '#contract/model/levels.ts';
import { LONG_LINES, RATES, rateIndexOf } from './aac-bands.ts';
import { AacDecoder } from './aac-frame.ts';
import { adtsHeader, adtsPackets } from './adts.ts';
import { Bits } from './bits.ts';
import type { Bytes } from './bytes.ts';
import { id3Bytes } from './id3.ts';
import { mp4AacStream, type AacStream } from './mp4-aac.ts';

/** Packets between two looks at the clock. */
const LOOK_EVERY = 20;

/**
 * Adds the loudness of all packets; the loudest channel counts. A packet that cannot be decoded is silent.
 * @param isLate looked at now and then: true gives up.
 * @returns false when it was given up, and where most of the packets could not be decoded.
 */
async function addLevels({ rate, packets }: AacStream, levels: Levels, isLate: () => boolean): Promise<boolean> {
  const decoder = new AacDecoder(rateIndexOf(rate));
  const step = rate / LEVELS_PER_SECOND;
  let [loudest, count, packet, read, lost] = [0, 0, 0, 0, 0];
  const add = (samples: Float64Array | null): void => {
    for (let at = 0; at < LONG_LINES; at += 1) {
      loudest = Math.max(loudest, samples?.[at] ?? 0);
      count += 1;
      if (count < step) continue;
      levels.add(Math.min(1, loudest));
      loudest = 0;
      count -= step;
    }
  };
  for await (const { bytes, blocks, sumBytes } of packets) {
    packet += 1;
    if (packet % LOOK_EVERY === 0 && isLate()) return false;
    const bits = new Bits(bytes);
    for (let block = 0; block < blocks; block += 1) {
      let samples: Float64Array | null = null;
      try {
        samples = decoder.decode(bits);
        bits.align();
        bits.skip(sumBytes * 8);
        read += 1;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        lost += 1;
      }
      add(samples);
    }
  }
  if (count > 0) levels.add(Math.min(1, loudest));
  return read > lost;
}

/**
 * Adds the loudness of a sound in MP4. Throws nothing for any bytes.
 * @param isLate looked at now and then: true gives up.
 * @returns false when it was given up, and for what is not AAC-LC.
 */
export async function addMp4AacLevels(bytes: Bytes, levels: Levels, isLate: () => boolean): Promise<boolean> {
  const stream = await mp4AacStream(bytes);
  return stream !== null && addLevels(stream, levels, isLate);
}

/** The same for a sound in frames of ADTS, behind a tag if there is one. */
export async function addAdtsLevels(bytes: Bytes, levels: Levels, isLate: () => boolean): Promise<boolean> {
  const start = id3Bytes(await bytes.read(0, 10));
  const header = adtsHeader(await bytes.read(start, 7), 0);
  if (header?.profile !== 1) return false;
  const { rateIndex } = header;
  return addLevels({ rate: RATES[rateIndex] ?? 0, packets: adtsPackets(bytes, start, rateIndex) }, levels, isLate);
}
