/**
 * Where the sound of an MP3 without any header begins and ends. Every encoder puts silence before and after it, and without
 * a header nobody says how much; so the first and the last frames are decoded, and the step between that silence and the
 * sound is looked for, in no more samples than encoders add. Where there is no such step, nothing is left out.
 */
import { letters, openBytes, type SoundBytes } from '../../wave/bytes.ts';
import { eachFrame, frameOf, isHeader, MOST_BYTES, tagBytes, type Frame } from '../mp3-places.ts';
import { decodeMp3 } from './mp3-decode.ts';

export interface Edges {
  /** Seconds from the first sample that is not zero to the sound, and to its end. */
  begin: number;
  end: number;
  /** The loudest sample of what follows the end. */
  soft: number;
}

/** Decodes frames that follow each other: samples of each channel. Rejects when they cannot be decoded. */
export type DecodeFrames = (frames: readonly Uint8Array[], like: Frame) => Promise<Float32Array[]>;

/** Samples before the sound: 576 by LAME's encoder, 529 by any decoder. Few encoders add fewer, some a few more. */
const BEFORE = 1105;
/** What rings before a sound by the codec's own blur: a step that is found so close to where it should be is there. */
const BLUR = 225;
/** Samples after the sound, at most: LAME fills the last frame, and adds one where that leaves less than half of one. */
const AFTER = 1198;
/** Samples of sound that the silence is compared with. */
const BESIDE = 1152;
/** Added to both powers that are compared, as a part of the sound's: differences within the silence are none. */
const FLOOR = 0.01;
/** How many times as much power a sound has as what an encoder adds to it: 15 dB. */
const STEP = 30;
/** A power below which there is no sound to compare with: -80 dB. */
const NOTHING = 1e-8;
/** Frames that are decoded at each end: those at the end need bytes of the ones before them. */
const FIRST_FRAMES = 6;
const LAST_FRAMES = 24;
/** Bytes at the end that are looked at: tags, and as many frames of the highest rate. */
const END_BYTES = 64 * 1024;
/** Seconds after the end in which the sound still rings. */
const RINGS = 0.0016;

/**
 * How many values at the begin are softer than those after them: the place at which two levels explain all values best (a
 * change of variance by maximum likelihood).
 * @param power squares, beginning with what may be silence
 * @param most values that may be silence; those after them are sound
 * @returns 0 where nothing is much softer, or where all is silent
 */
export function quietBegin(power: Float64Array, most: number): number {
  const sum = power.reduce((all, one) => all + one, 0);
  const sound = power.subarray(most).reduce((all, one) => all + one, 0) / Math.max(1, power.length - most);
  if (sound < NOTHING) return 0;
  const floor = sound * FLOOR;
  const weigh = (count: number, total: number): number =>
    count === 0 ? 0 : -count * Math.log(Math.max(0, total) / count + floor);
  let [best, found, before] = [weigh(power.length, sum), 0, 0];
  let quiet = 0;
  for (let at = 1; at <= Math.min(most, power.length - 1); at += 1) {
    before += power[at - 1] ?? 0;
    const likely = weigh(at, before) + weigh(power.length - at, sum - before);
    if (likely > best) [best, found, quiet] = [likely, at, before];
  }
  if (found === 0) return 0;
  const after = (sum - quiet) / (power.length - found);
  return after >= (STEP * quiet) / found ? found : 0;
}

/** The sum of the channels' squares of a part of the samples, in its order or from its end. */
function powerOf(channels: readonly Float32Array[], from: number, to: number, backwards: boolean): Float64Array {
  return Float64Array.from({ length: to - from }, (_, n) => {
    const at = backwards ? to - 1 - n : from + n;
    return channels.reduce((sum, samples) => sum + (samples[at] ?? 0) ** 2, 0);
  });
}

const isLike = (frame: Frame | null, opening: Frame): frame is Frame =>
  frame !== null && frame.lasts === opening.lasts && frame.samples === opening.samples;

/** The frames at the end of the file, and where the last one ends; none where something else is there. */
async function lastFrames(bytes: SoundBytes, start: number, opening: Frame): Promise<{ at: number[]; end: number }> {
  const from = Math.max(start, bytes.size - END_BYTES);
  const rest = await bytes.read(from, bytes.size - from);
  let found: number[] = [];
  let at = 0;
  while (at + 4 <= rest.length) {
    if (found.length > 0 && /^(?:TAG|APETAGEX|ID3|LYRICS)/.test(letters(rest, at, 8))) break;
    const frame = frameOf(rest.subarray(at));
    const next = frame === null ? 0 : at + frame.length;
    // In the middle of a frame there may be what looks like the begin of one; but no other follows it.
    const isOne = isLike(frame, opening) && next <= rest.length;
    if (isOne && (found.length > 0 || isLike(frameOf(rest.subarray(next)), opening))) {
      found.push(at);
      at = next;
    } else {
      found = [];
      at += 1;
    }
  }
  return { at: found.map((one) => one + from), end: at + from };
}

async function take(bytes: SoundBytes, places: readonly number[]): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  for (const at of places) {
    const length = frameOf(await bytes.read(at, 4))?.length ?? 0;
    frames.push(Uint8Array.from(await bytes.read(at, length)));
  }
  return frames;
}

/** How many frames there are: by the size where all are alike, by counting otherwise. */
async function countFrames(
  bytes: SoundBytes,
  start: number,
  end: number,
  ends: readonly Uint8Array[],
): Promise<number> {
  const means = new Set(ends.map((bytesOfFrame) => frameOf(bytesOfFrame)?.mean));
  const [mean] = means;
  const counted = (end - start) / (mean ?? Number.NaN);
  if (means.size === 1 && Math.abs(counted - Math.round(counted)) < 0.1) return Math.round(counted);
  let count = 0;
  await eachFrame(bytes, start, (_frame, at) => {
    if (at < end) count += 1;
  });
  return count;
}

/** The edges of an MP3; null where a header says them, where it is no MP3, and where it is not as it should be. */
export async function edgesIn(bytes: SoundBytes, decode: DecodeFrames): Promise<Edges | null> {
  const start = tagBytes(await bytes.read(0, 10));
  const first = await bytes.read(start, 64);
  const opening = frameOf(first);
  if (opening === null || bytes.size > MOST_BYTES || isHeader(first, opening)) return null;
  const firsts: number[] = [];
  for (let at = start; firsts.length < FIRST_FRAMES;) {
    const frame = frameOf(await bytes.read(at, 4));
    if (!isLike(frame, opening) || at + frame.length > bytes.size) return null;
    firsts.push(at);
    at += frame.length;
  }
  const last = await lastFrames(bytes, start, opening);
  if (last.at.length < LAST_FRAMES) return null;
  const [opened, closed] = [await take(bytes, firsts), await take(bytes, last.at.slice(-LAST_FRAMES))];
  const total = (await countFrames(bytes, start, last.end, [...opened, ...closed])) * opening.samples;
  const [head, tail] = [await decode(opened, opening), await decode(closed, opening)];
  const size = tail[0]?.length ?? 0;
  if ((head[0]?.length ?? 0) < BEFORE + BESIDE || size !== LAST_FRAMES * opening.samples) return null;

  const before = quietBegin(powerOf(head, 0, BEFORE + BESIDE, false), BEFORE);
  const after = quietBegin(powerOf(tail, size - AFTER - BESIDE, size, true), AFTER);
  const zeros = powerOf(head, 0, BEFORE + BESIDE, false).findIndex((one) => one > 0);
  if (zeros < 0) return null;
  const hertz = opening.samples / opening.lasts;
  const from = size - after + Math.ceil(hertz * RINGS);
  const soft = tail.reduce(
    (most, samples) => samples.subarray(from).reduce((a, b) => Math.max(a, Math.abs(b)), most),
    0,
  );
  const begin = before > BEFORE - BLUR ? BEFORE : before;
  return { begin: Math.max(0, begin - zeros) / hertz, end: (total - after - zeros) / hertz, soft };
}

/** The same at an address of this page; null also when it cannot be read. */
export async function readEdges(address: string): Promise<Edges | null> {
  try {
    return await edgesIn(await openBytes(address), decodeMp3);
  } catch (error) {
    console.warn('the edges of a sound cannot be found', error);
    return null;
  }
}
