/** Duration and loudness of WAV: integers of 8 to 32 bits and floats. */
import { LEVELS_PER_SECOND, type Levels } from '#contract/model/levels.ts';
import type { Bytes } from './bytes.ts';

export interface WavFormat {
  /** Where the samples are, in bytes. */
  start: number;
  end: number;
  channels: number;
  /** Samples per second, of each channel. */
  rate: number;
  /** Bytes of one sample of one channel. */
  width: number;
  isFloat: boolean;
}

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
const MAX_CHUNKS = 1000;
const READ_BYTES = 1024 * 1024;

/** Null when it is no WAV, or of a format that is not read here. */
export async function wavFormat(bytes: Bytes): Promise<WavFormat | null> {
  let format: Omit<WavFormat, 'start' | 'end'> | null = null;
  for (let at = 12, chunks = 0; at + 8 <= bytes.size && chunks < MAX_CHUNKS; chunks += 1) {
    const head = await bytes.read(at, 8);
    const name = head.toString('latin1', 0, 4);
    const size = head.readUInt32LE(4);
    if (name === 'fmt ') {
      const body = await bytes.read(at + 8, 40);
      if (body.length < 16) return null;
      const kind = body.readUInt16LE(0);
      const code = kind === EXTENSIBLE && body.length >= 26 ? body.readUInt16LE(24) : kind;
      const [channels, rate, bits] = [body.readUInt16LE(2), body.readUInt32LE(4), body.readUInt16LE(14)];
      const isKnown = code === FLOAT ? bits === 32 || bits === 64 : code === PCM && [8, 16, 24, 32].includes(bits);
      if (!isKnown || channels === 0 || rate === 0) return null;
      format = { channels, rate, width: bits / 8, isFloat: code === FLOAT };
    }
    if (name === 'data') {
      if (format === null) return null;
      // A recorder that was stopped in the middle leaves no size, or one that is too large.
      const end = size === 0 || size === 0xffffffff ? bytes.size : Math.min(at + 8 + size, bytes.size);
      return { ...format, start: at + 8, end };
    }
    at += 8 + size + (size % 2);
  }
  return null;
}

export function wavDuration({ start, end, channels, width, rate }: WavFormat): number {
  return Math.floor((end - start) / (channels * width)) / rate;
}

/** How one sample is read, as a level from 0 to about 1. */
function levelReader({ width, isFloat }: WavFormat): (buffer: Buffer, at: number) => number {
  if (isFloat) return width === 4 ? (b, at) => Math.abs(b.readFloatLE(at)) : (b, at) => Math.abs(b.readDoubleLE(at));
  switch (width) {
    case 1:
      return (b, at) => Math.abs(b.readUInt8(at) - 128) / 128;
    case 2:
      return (b, at) => Math.abs(b.readInt16LE(at)) / 32_768;
    case 3:
      return (b, at) => Math.abs(b.readIntLE(at, 3)) / 8_388_608;
    default:
      return (b, at) => Math.abs(b.readInt32LE(at)) / 2_147_483_648;
  }
}

/** Adds the loudness of all samples. */
export async function addWavLevels(bytes: Bytes, format: WavFormat, levels: Levels): Promise<void> {
  const { start, end, channels, width, rate } = format;
  const levelAt = levelReader(format);
  const frame = channels * width;
  const step = Math.max(1, Math.round(rate / LEVELS_PER_SECOND)) * channels;
  let [loudest, count] = [0, 0];
  const read = Math.max(frame, Math.floor(READ_BYTES / frame) * frame);
  for (let at = start; at + frame <= end; at += read) {
    const buffer = await bytes.read(at, Math.min(read, end - at));
    for (let place = 0; place + width <= buffer.length; place += width) {
      const level = levelAt(buffer, place);
      // NaN is silence.
      if (level > loudest) loudest = Math.min(level, 1);
      count += 1;
      if (count < step) continue;
      levels.add(loudest);
      [loudest, count] = [0, 0];
    }
  }
  if (count > 0) levels.add(loudest);
}
