/**
 * Where each second of an MP3 is, for files whose bit rate changes and which have no table of that: the browser then
 * takes the rate for constant, and lands seconds off. Every frame's header is read; nothing is decoded.
 */
import { letters, openBytes, viewOf, type SoundBytes } from '../wave/bytes.ts';

/** Bytes of a file that is read for this: some hours of music. */
export const MOST_BYTES = 256 * 1024 * 1024;
/** Frames between two noted places: less than a second. */
const STEP = 16;
/** Bytes between two frames that are looked through before the rest is given up. */
const MOST_LOST = 64 * 1024;

/** Kilobits per second of layer III, by version. */
const KBPS = {
  first: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  later: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const HERTZ = [44_100, 48_000, 32_000] as const;

export interface Frame {
  /** Bytes, with the header. */
  length: number;
  /** Bytes of such frames on average: every now and then one of them has one more. */
  mean: number;
  samples: number;
  /** Seconds. */
  lasts: number;
  channels: number;
  /** Bytes before a table, if it has one in place of sound. */
  side: number;
}

/** The frame of layer III that begins with these four bytes; null when none does. */
export function frameOf(bytes: Uint8Array): Frame | null {
  if (bytes.length < 4) return null;
  const bits = viewOf(bytes).getUint32(0);
  const version = (bits >>> 19) & 3;
  const base = HERTZ[(bits >>> 10) & 3];
  const isFirst = version === 3;
  const kbps = KBPS[isFirst ? 'first' : 'later'][(bits >>> 12) & 15];
  if (bits >>> 21 !== 0x7ff || version === 1 || ((bits >>> 17) & 3) !== 1 || base === undefined || !kbps) return null;
  const hertz = isFirst ? base : version === 2 ? base / 2 : base / 4;
  const samples = isFirst ? 1152 : 576;
  const isMono = ((bits >>> 6) & 3) === 3;
  const side = isFirst ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  const mean = (samples * 125 * kbps) / hertz;
  const length = Math.floor(mean) + ((bits >>> 9) & 1);
  return { length, mean, samples, lasts: samples / hertz, channels: isMono ? 1 : 2, side: 4 + side };
}

/** Bytes of the tag before the sound. */
export function tagBytes(head: Uint8Array): number {
  if (letters(head, 0, 3) !== 'ID3') return 0;
  const [a = 0, b = 0, c = 0, d = 0] = head.subarray(6, 10);
  return 10 + (((a & 127) << 21) | ((b & 127) << 14) | ((c & 127) << 7) | (d & 127));
}

/** Answers the part of the file's sound, 0 to 1, at which a second of it begins. */
export type Places = (seconds: number) => number;

/** True where the first frame is no sound, but a table, or counts the others. */
export const isHeader = (first: Uint8Array, { side }: Frame): boolean =>
  /Xing|Info/.test(letters(first, side, 4)) || letters(first, 36, 4) === 'VBRI';

/**
 * Goes through all frames from a place on; `each` gets the place of each of them.
 * @returns the place after the last one; with `MOST_LOST` bytes between two of them, the rest is given up
 */
export async function eachFrame(
  bytes: SoundBytes,
  start: number,
  each: (frame: Frame, at: number) => void,
): Promise<number> {
  let [at, lost] = [start, 0];
  while (at + 4 <= bytes.size && lost < MOST_LOST) {
    const frame = frameOf(await bytes.read(at, 4));
    if (frame === null) {
      [at, lost] = [at + 1, lost + 1];
      continue;
    }
    each(frame, at);
    [at, lost] = [at + frame.length, 0];
  }
  return at;
}

/** Null where the browser finds its way by itself: a constant rate, a table, or another format. */
export async function placesIn(bytes: SoundBytes): Promise<Places | null> {
  const start = tagBytes(await bytes.read(0, 10));
  const first = await bytes.read(start, 64);
  const opening = frameOf(first);
  if (opening === null || bytes.size > MOST_BYTES) return null;
  if (isHeader(first, opening)) return null;
  const times: number[] = [];
  const offsets: number[] = [];
  let [time, frames] = [0, 0];
  let isConstant = true;
  const at = await eachFrame(bytes, start, (frame, place) => {
    if (frames % STEP === 0) {
      times.push(time);
      offsets.push(place);
    }
    // Padding makes the difference of one.
    if (Math.abs(frame.length - opening.length) > 1) isConstant = false;
    [time, frames] = [time + frame.lasts, frames + 1];
  });
  if (isConstant) return null;
  times.push(time);
  offsets.push(Math.min(at, bytes.size));
  return (seconds) => {
    const after = times.findIndex((one) => one > seconds);
    const n = after < 0 ? times.length - 1 : Math.max(1, after);
    const [from, to, since, until] = [offsets[n - 1] ?? 0, offsets[n] ?? 0, times[n - 1] ?? 0, times[n] ?? 0];
    const part = until > since ? Math.min(1, Math.max(0, (seconds - since) / (until - since))) : 0;
    return (from + (to - from) * part - start) / (bytes.size - start);
  };
}

/** The same at an address of this page; null also when it cannot be read. */
export async function readPlaces(address: string): Promise<Places | null> {
  try {
    return await placesIn(await openBytes(address));
  } catch (error) {
    console.warn('the places of a sound cannot be read', error);
    return null;
  }
}
