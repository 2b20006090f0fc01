/**
 * Loudness of MP3 without decoding it: each granule states its gain (`global_gain`), by which all of its samples are
 * scaled. It is what waveforms of MP3 editors are drawn from.
 */
import type { Levels } from '#contract/model/levels.ts';
import type { Bytes } from './bytes.ts';
import { mpegFrame } from './mpeg-frame.ts';

/** Bytes of side information by version and channels. */
const SIDE_BYTES = { mpeg1: { mono: 17, stereo: 32 }, mpeg2: { mono: 9, stereo: 17 } } as const;
/** Bytes between two frames that are looked through before the rest is given up. */
const MAX_LOST = 64 * 1024;
/** The gain that leaves samples as they are; four steps double them. */
const PLAIN_GAIN = 210;

function bitsAt(buffer: Buffer, bit: number, count: number): number {
  let value = 0;
  for (let n = 0; n < count; n += 1) {
    const place = bit + n;
    value = (value << 1) | (((buffer[place >> 3] ?? 0) >> (7 - (place & 7))) & 1);
  }
  return value;
}

/** The levels of a frame's granules; the louder of its channels counts. */
function granules(frame: Buffer): number[] {
  const header = frame.readUInt32BE(0);
  const isMpeg1 = ((header >>> 19) & 3) === 3;
  const isMono = ((header >>> 6) & 3) === 3;
  const isProtected = ((header >>> 16) & 1) === 0;
  const start = 4 + (isProtected ? 2 : 0);
  const channels = isMono ? 1 : 2;
  const side = SIDE_BYTES[isMpeg1 ? 'mpeg1' : 'mpeg2'][isMono ? 'mono' : 'stereo'];
  if (frame.length < start + side) return [];
  // main_data_begin, private bits, and with MPEG 1 the scale factor selection.
  let bit = start * 8 + (isMpeg1 ? 9 + (isMono ? 5 : 3) + channels * 4 : 8 + (isMono ? 1 : 2));
  const levels: number[] = [];
  for (let granule = 0; granule < (isMpeg1 ? 2 : 1); granule += 1) {
    let loudest = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      const length = bitsAt(frame, bit, 12);
      const gain = bitsAt(frame, bit + 21, 8);
      // Without data the gain means nothing.
      if (length > 0) loudest = Math.max(loudest, 2 ** ((gain - PLAIN_GAIN) / 4));
      bit += isMpeg1 ? 59 : 63;
    }
    levels.push(loudest);
  }
  return levels;
}

/** Adds the loudness of all frames of layer III. Throws nothing for any bytes. */
export async function addMp3Levels(bytes: Bytes, start: number, levels: Levels): Promise<void> {
  let at = start;
  let lost = 0;
  while (at + 4 <= bytes.size && lost < MAX_LOST) {
    const head = await bytes.read(at, 4 + 2 + 32);
    const frame = mpegFrame(head, 0);
    if (frame === null || frame.layer !== 3) {
      at += 1;
      lost += 1;
      continue;
    }
    lost = 0;
    for (const level of granules(head)) levels.add(level);
    at += Math.max(frame.length, 4);
  }
}
