/**
 * Duration and size of MP4, M4A and MOV. Recordings of browsers are fragmented: their header has no duration, and each
 * fragment says how long its samples are.
 */
import { commentedSamples } from '#contract/model/itunes-comment.ts';
import type { Bytes } from './bytes.ts';
import { boxAt, boxesIn, findBox as find, MAX_MOOF_BYTES, MAX_MOOV_BYTES, topBoxes, type Box } from './mp4-boxes.ts';
import { CODEC, type Timing } from './timing.ts';

interface Track {
  id: number;
  timescale: number;
  /** In units of the timescale. */
  duration: number;
  /** What is played of it, in units of the movie's timescale; 0 where nothing is said of that. */
  edited: number;
  width: number;
  height: number;
  /** Of a sound, as its first sample entry is called. */
  codec: string | null;
}

/** AAC, and what else MPEG-4 has a number for. */
const USUAL = 'mp4a';

/** Timescale and duration, which stand at the same places in mvhd and mdhd. */
function clockOf(buffer: Buffer, box: Box | null): { timescale: number; duration: number } {
  if (box === null || box.end - box.start < 20) return { timescale: 0, duration: 0 };
  const isLong = buffer[box.start] === 1;
  if (!isLong) {
    const duration = buffer.readUInt32BE(box.start + 16);
    return { timescale: buffer.readUInt32BE(box.start + 12), duration: duration === 0xffffffff ? 0 : duration };
  }
  if (box.end - box.start < 32) return { timescale: 0, duration: 0 };
  const duration = Number(buffer.readBigUInt64BE(box.start + 24));
  return { timescale: buffer.readUInt32BE(box.start + 20), duration: duration > 2 ** 53 ? 0 : duration };
}

/**
 * The length of an edit list: it leaves out the samples that an encoder of sound puts before the begin and after the end.
 */
function editedOf(buffer: Buffer, list: Box | null): number {
  if (list === null || list.end - list.start < 8) return 0;
  const isLong = buffer[list.start] === 1;
  const step = isLong ? 20 : 12;
  const count = buffer.readUInt32BE(list.start + 4);
  let sum = 0;
  for (let n = 0, at = list.start + 8; n < count && at + step <= list.end; n += 1, at += step)
    sum += isLong ? Number(buffer.readBigUInt64BE(at)) : buffer.readUInt32BE(at);
  return sum < 2 ** 53 ? sum : 0;
}

/** Bytes of the comment's name, and of the header of what it says. */
const COMMENT_HEAD = 8 + 16;

/** Samples of the sound by the comment that iTunes writes in place of an edit list; 0 where there is none that fits. */
function commentedOf(buffer: Buffer, duration: number): number {
  const at = buffer.indexOf('iTunSMPB', 0, 'latin1');
  return at < 0 ? 0 : commentedSamples(buffer.toString('latin1', at + COMMENT_HEAD, at + 128), duration);
}

/** What the samples of a sound are coded in; null for another track, or where that is not said. */
function codecOf(buffer: Buffer, trak: Box): string | null {
  const handler = find(buffer, trak, 'mdia', 'hdlr');
  if (handler === null || handler.end - handler.start < 12) return null;
  if (buffer.toString('latin1', handler.start + 8, handler.start + 12) !== 'soun') return null;
  const described = find(buffer, trak, 'mdia', 'minf', 'stbl', 'stsd');
  const entry = described && boxAt(buffer, described.start + 8, described.end);
  return entry?.type.trim() ?? null;
}

function trackOf(buffer: Buffer, trak: Box): Track | null {
  const header = find(buffer, trak, 'tkhd');
  if (header === null) return null;
  const isLong = buffer[header.start] === 1;
  const matrix = header.start + (isLong ? 52 : 40);
  if (matrix + 44 > header.end) return null;
  const id = buffer.readUInt32BE(header.start + (isLong ? 20 : 12));
  const [width, height] = [buffer.readUInt32BE(matrix + 36) >>> 16, buffer.readUInt32BE(matrix + 40) >>> 16];
  // A quarter turn: the diagonal of the matrix is empty.
  const isTurned = buffer.readInt32BE(matrix) === 0 && buffer.readInt32BE(matrix + 4) !== 0;
  const clock = clockOf(buffer, find(buffer, trak, 'mdia', 'mdhd'));
  const edited = editedOf(buffer, find(buffer, trak, 'edts', 'elst'));
  const codec = codecOf(buffer, trak);
  return { id, ...clock, edited, width: isTurned ? height : width, height: isTurned ? width : height, codec };
}

/** The durations that samples of a track have where a fragment does not say. */
function defaultDurations(buffer: Buffer, moov: Box): Map<number, number> {
  const extends_ = find(buffer, moov, 'mvex');
  const found = new Map<number, number>();
  if (extends_ === null) return found;
  for (const box of boxesIn(buffer, extends_.start, extends_.end)) {
    if (box.type !== 'trex' || box.end - box.start < 16) continue;
    found.set(buffer.readUInt32BE(box.start + 4), buffer.readUInt32BE(box.start + 12));
  }
  return found;
}

/** Bytes per sample of a run, and where its duration stands in them; null when it has none. */
function runLayout(flags: number): { step: number; duration: boolean } {
  const bits = [0x100, 0x200, 0x400, 0x800].filter((bit) => (flags & bit) !== 0);
  return { step: bits.length * 4, duration: (flags & 0x100) !== 0 };
}

/** The end of a track fragment in its track's units; null when it is not complete. */
function endOf(
  buffer: Buffer,
  traf: Box,
  defaults: ReadonlyMap<number, number>,
): { id: number; length: number; at: number | null } | null {
  const header = find(buffer, traf, 'tfhd');
  if (header === null || header.end - header.start < 8) return null;
  const flags = buffer.readUInt32BE(header.start) & 0xffffff;
  const id = buffer.readUInt32BE(header.start + 4);
  const place = header.start + 8 + ((flags & 1) !== 0 ? 8 : 0) + ((flags & 2) !== 0 ? 4 : 0);
  const own = (flags & 8) !== 0 && place + 4 <= header.end ? buffer.readUInt32BE(place) : null;
  const each = own ?? defaults.get(id) ?? 0;
  const time = find(buffer, traf, 'tfdt');
  let at: number | null = null;
  if (time !== null && buffer[time.start] === 1 && time.end - time.start >= 12)
    at = Number(buffer.readBigUInt64BE(time.start + 4));
  else if (time !== null && time.end - time.start >= 8) at = buffer.readUInt32BE(time.start + 4);
  let length = 0;
  for (const run of boxesIn(buffer, traf.start, traf.end)) {
    if (run.type !== 'trun' || run.end - run.start < 8) continue;
    const runFlags = buffer.readUInt32BE(run.start) & 0xffffff;
    const count = buffer.readUInt32BE(run.start + 4);
    const { step, duration } = runLayout(runFlags);
    const first = run.start + 8 + ((runFlags & 1) !== 0 ? 4 : 0) + ((runFlags & 4) !== 0 ? 4 : 0);
    if (!duration) {
      length += count * each;
      continue;
    }
    for (let n = 0, sample = first; n < count && sample + 4 <= run.end; n += 1, sample += step)
      length += buffer.readUInt32BE(sample);
  }
  return { id, length, at };
}

function seconds(units: number, timescale: number): number {
  return timescale > 0 ? units / timescale : 0;
}

/** Reads the header and, where that has no duration, the fragments. Throws nothing for any bytes. */
export async function mp4Timing(bytes: Bytes): Promise<Timing> {
  let tracks: Track[] = [];
  let movie = 0;
  let movieScale = 0;
  let commented = 0;
  let isFragmented = false;
  let defaults = new Map<number, number>();
  const ends = new Map<number, number>();

  function readMoov(buffer: Buffer): void {
    const moov: Box = { type: 'moov', start: 0, end: buffer.length };
    const clock = clockOf(buffer, find(buffer, moov, 'mvhd'));
    movie = seconds(clock.duration, clock.timescale);
    movieScale = clock.timescale;
    tracks = [...boxesIn(buffer)].flatMap((box) => (box.type === 'trak' ? (trackOf(buffer, box) ?? []) : []));
    const [only] = tracks;
    if (only?.edited === 0 && tracks.length === 1)
      commented = seconds(commentedOf(buffer, only.duration), only.timescale);
    isFragmented = find(buffer, moov, 'mvex') !== null;
    defaults = defaultDurations(buffer, moov);
  }

  function readMoof(buffer: Buffer): void {
    for (const box of boxesIn(buffer)) {
      const end = box.type === 'traf' ? endOf(buffer, box, defaults) : null;
      if (end) ends.set(end.id, (end.at ?? ends.get(end.id) ?? 0) + end.length);
    }
  }

  for await (const { type, start, end } of topBoxes(bytes)) {
    const length = end - start;
    if (type === 'moov' && length <= MAX_MOOV_BYTES) readMoov(await bytes.read(start, length));
    if (type === 'moof' && length <= MAX_MOOF_BYTES) readMoof(await bytes.read(start, length));
    if (type === 'moov' && !isFragmented) break;
  }

  const fragments = tracks.map(({ id, timescale }) => seconds(ends.get(id) ?? 0, timescale));
  const stated = isFragmented
    ? 0
    : Math.max(
        movie,
        ...tracks.map(({ duration, timescale, edited }) =>
          edited > 0 && movieScale > 0 ? seconds(edited, movieScale) : seconds(duration, timescale),
        ),
      );
  const duration = commented > 0 && !isFragmented ? commented : Math.max(stated, ...fragments);
  const picture = tracks.find(({ width, height }) => width > 0 && height > 0);
  const codec = tracks.find((track) => track.codec !== null)?.codec ?? null;
  return {
    ...{ duration: duration > 0 ? duration : null, width: picture?.width ?? null, height: picture?.height ?? null },
    ...(codec === null || codec === USUAL || !CODEC.test(codec) ? {} : { codec }),
  };
}
