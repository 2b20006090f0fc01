/** Loudness of FLAC: decodes it (RFC 9639), without checking its sums, since nothing is played from here. */
import { LEVELS_PER_SECOND, type Levels } from '#contract/model/levels.ts';
import { Bits } from './bits.ts';

interface StreamInfo {
  rate: number;
  bits: number;
  channels: number;
  /** Where the frames begin, in bytes. */
  start: number;
}

/** The first block of metadata; null when the buffer is no FLAC. */
export function flacInfo(file: Buffer, begin: number): StreamInfo | null {
  if (file.toString('latin1', begin, begin + 4) !== 'fLaC' || file.length < begin + 42) return null;
  const bits = new Bits(file, begin + 8 + 10);
  const [rate, channels, depth] = [bits.unsigned(20), bits.unsigned(3) + 1, bits.unsigned(5) + 1];
  let start = begin + 4;
  for (let isLast = false; !isLast;) {
    if (start + 4 > file.length) return null;
    isLast = ((file[start] ?? 0) & 0x80) !== 0;
    start += 4 + file.readUIntBE(start + 1, 3);
  }
  return rate === 0 ? null : { rate, bits: depth, channels, start };
}

/** Block sizes by their code; 6 and 7 stand behind the header. */
function blockSize(code: number, bits: Bits): number {
  if (code === 1) return 192;
  if (code >= 2 && code <= 5) return 144 * 2 ** code;
  if (code === 6) return bits.unsigned(8) + 1;
  if (code === 7) return bits.unsigned(16) + 1;
  return code >= 8 ? 2 ** code : 0;
}

const DEPTHS = [0, 8, 12, 0, 16, 20, 24, 32] as const;

/** Skips a number as UTF-8 codes it. */
function skipNumber(bits: Bits): void {
  const first = bits.unsigned(8);
  const more = first < 0x80 ? 0 : Math.clz32(~(first << 24)) - 1;
  for (let n = 0; n < more; n += 1) bits.unsigned(8);
}

function readResidual(bits: Bits, samples: Float64Array, order: number): void {
  const parameterBits = bits.unsigned(2) === 0 ? 4 : 5;
  const partitionOrder = bits.unsigned(4);
  const partition = samples.length >> partitionOrder;
  const escape = 2 ** parameterBits - 1;
  let at = order;
  for (let n = 0; n < 2 ** partitionOrder; n += 1) {
    const end = Math.min(samples.length, (n + 1) * partition);
    const parameter = bits.unsigned(parameterBits);
    if (parameter === escape) {
      const width = bits.unsigned(5);
      for (; at < end; at += 1) samples[at] = bits.signed(width);
      continue;
    }
    for (; at < end; at += 1) {
      const value = bits.unary() * 2 ** parameter + bits.unsigned(parameter);
      samples[at] = value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }
}

const FIXED: readonly (readonly number[])[] = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

/** Turns residuals into samples. */
function predict(samples: Float64Array, coefficients: readonly number[], shift: number): void {
  const divisor = 2 ** shift;
  for (let at = coefficients.length; at < samples.length; at += 1) {
    let sum = 0;
    for (let n = 0; n < coefficients.length; n += 1) sum += (coefficients[n] ?? 0) * (samples[at - 1 - n] ?? 0);
    samples[at] = (samples[at] ?? 0) + Math.floor(sum / divisor);
  }
}

function readSubframe(bits: Bits, length: number, depth: number): Float64Array {
  bits.unsigned(1);
  const type = bits.unsigned(6);
  const wasted = bits.unsigned(1) === 1 ? bits.unary() + 1 : 0;
  const width = depth - wasted;
  const samples = new Float64Array(length);
  if (type === 0) samples.fill(bits.signed(width));
  else if (type === 1) for (let n = 0; n < length; n += 1) samples[n] = bits.signed(width);
  else {
    const isFixed = type >= 8 && type <= 12;
    if (!isFixed && type < 32) throw new RangeError('a reserved kind of subframe');
    const order = isFixed ? type - 8 : type - 31;
    for (let n = 0; n < order; n += 1) samples[n] = bits.signed(width);
    let coefficients = FIXED[order] ?? [];
    let shift = 0;
    if (!isFixed) {
      const precision = bits.unsigned(4) + 1;
      shift = bits.signed(5);
      coefficients = Array.from({ length: order }, () => bits.signed(precision));
    }
    readResidual(bits, samples, order);
    predict(samples, coefficients, shift);
  }
  if (wasted > 0) for (let n = 0; n < length; n += 1) samples[n] = (samples[n] ?? 0) * 2 ** wasted;
  return samples;
}

/** Reads one frame. The side channel of a stereo frame is one bit wider. @returns null where no frame begins. */
function readFrame(
  bits: Bits,
  info: StreamInfo,
): { channels: Float64Array[]; assignment: number; depth: number } | null {
  if (bits.unsigned(15) !== 0x7ffc) return null;
  bits.unsigned(1);
  const [sizeCode, rateCode, assignment, depthCode] = [
    bits.unsigned(4),
    bits.unsigned(4),
    bits.unsigned(4),
    bits.unsigned(3),
  ];
  bits.unsigned(1);
  skipNumber(bits);
  const length = blockSize(sizeCode, bits);
  if (rateCode === 12) bits.unsigned(8);
  if (rateCode === 13 || rateCode === 14) bits.unsigned(16);
  bits.unsigned(8);
  const depth = depthCode === 0 ? info.bits : (DEPTHS[depthCode] ?? 0);
  if (length === 0 || depth === 0 || assignment > 10) return null;
  const count = assignment < 8 ? assignment + 1 : 2;
  const channels = Array.from({ length: count }, (_, n) => {
    const isSide = (assignment === 8 && n === 1) || (assignment === 9 && n === 0) || (assignment === 10 && n === 1);
    return readSubframe(bits, length, isSide ? depth + 1 : depth);
  });
  bits.align();
  bits.unsigned(16);
  return { channels, assignment, depth };
}

/** The sample of the loudest channel, as a level. */
function levelOf([first, second]: readonly Float64Array[], assignment: number, at: number): number {
  const [a, b] = [first?.[at] ?? 0, second?.[at] ?? 0];
  if (assignment === 8) return Math.max(Math.abs(a), Math.abs(a - b));
  if (assignment === 9) return Math.max(Math.abs(b), Math.abs(a + b));
  if (assignment === 10) return Math.abs(a) + Math.abs(b) / 2;
  return Math.max(Math.abs(a), Math.abs(b));
}

/**
 * Adds the loudness of all frames, up to the first that cannot be read.
 * @param isLate called between frames: true gives up.
 * @returns false when it was given up.
 */
export function addFlacLevels(file: Buffer, info: StreamInfo, levels: Levels, isLate: () => boolean): boolean {
  const bits = new Bits(file, info.start);
  const step = Math.max(1, Math.round(info.rate / LEVELS_PER_SECOND));
  let [loudest, count] = [0, 0];
  try {
    while (bits.byte + 8 < file.length) {
      if (isLate()) return false;
      const frame = readFrame(bits, info);
      if (frame === null) break;
      const full = 2 ** (frame.depth - 1);
      const length = frame.channels[0]?.length ?? 0;
      for (let at = 0; at < length; at += 1) {
        loudest = Math.max(loudest, levelOf(frame.channels, frame.assignment, at) / full);
        count += 1;
        if (count < step) continue;
        levels.add(loudest);
        [loudest, count] = [0, 0];
      }
    }
  } catch (error) {
    // The file is cut off: what was read is its waveform.
    if (!(error instanceof RangeError)) throw error;
  }
  if (count > 0) levels.add(loudest);
  return true;
}
