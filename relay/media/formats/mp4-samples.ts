/** Where the samples of a track of MP4 are in the file: by the tables of its header, or by those of its fragments. */
import { boxesIn, findBox, type Box } from './mp4-boxes.ts';

/** A sample's place and size, in bytes. */
export interface Sample {
  at: number;
  size: number;
}

/** Rows of a table of the header, behind how many they are; those that are cut off are not there. */
interface Table {
  count: number;
  value(row: number, column: number): number;
}

/** @param skipped bytes before the number of rows. @param width of a row, in bytes. */
function tableOf(buffer: Buffer, box: Box | null, width: number, skipped = 4): Table {
  const start = (box?.start ?? 0) + skipped + 4;
  if (box === null || start > box.end) return { count: 0, value: () => 0 };
  const count = Math.min(buffer.readUInt32BE(start - 4), Math.floor((box.end - start) / width));
  return { count, value: (row, column) => buffer.readUInt32BE(start + row * width + column) };
}

/** Samples by the tables of the header, in the order in which they are played. @param table the box `stbl`. */
export function* tabledSamples(buffer: Buffer, table: Box): Generator<Sample, void> {
  const box = (type: string): Box | null => findBox(buffer, table, type);
  const [sized, runs] = [box('stsz'), tableOf(buffer, box('stsc'), 12)];
  if (sized === null || sized.end - sized.start < 12) return;
  const [each, all] = [buffer.readUInt32BE(sized.start + 4), buffer.readUInt32BE(sized.start + 8)];
  const sizes = tableOf(buffer, sized, 4, 8);
  const [short, long] = [tableOf(buffer, box('stco'), 4), tableOf(buffer, box('co64'), 8)];
  const chunks = short.count > 0 ? short.count : long.count;
  const count = each > 0 ? all : sizes.count;
  let sample = 0;
  for (let chunk = 0, run = 0; chunk < chunks && sample < count; chunk += 1) {
    // A run goes up to the chunk before the next one's first; chunks are counted from one.
    while (run + 1 < runs.count && runs.value(run + 1, 0) <= chunk + 1) run += 1;
    let at = short.count > 0 ? short.value(chunk, 0) : long.value(chunk, 0) * 2 ** 32 + long.value(chunk, 4);
    const end = Math.min(count, sample + (runs.count > 0 ? runs.value(run, 4) : 0));
    for (; sample < end; sample += 1) {
      const size = each > 0 ? each : sizes.value(sample, 0);
      yield { at, size };
      at += size;
    }
  }
}

/** The size that samples of a track have where a fragment does not say; 0 where the header does not say either. */
export function defaultSize(buffer: Buffer, moov: Box, id: number): number {
  const extends_ = findBox(buffer, moov, 'mvex');
  if (extends_ === null) return 0;
  for (const box of boxesIn(buffer, extends_.start, extends_.end)) {
    if (box.type !== 'trex' || box.end - box.start < 20 || buffer.readUInt32BE(box.start + 4) !== id) continue;
    return buffer.readUInt32BE(box.start + 16);
  }
  return 0;
}

/** The parts of a fragment's header, by the bits that say which there are: their widths in bytes. */
function places(flags: number, widths: readonly (readonly [flag: number, width: number])[]): Map<number, number> {
  let at = 0;
  const found = new Map<number, number>();
  for (const [flag, width] of widths) {
    if ((flags & flag) === 0) continue;
    found.set(flag, at);
    at += width;
  }
  return found.set(0, at);
}

const HEADER = [
  [1, 8],
  [2, 4],
  [8, 4],
  [0x10, 4],
  [0x20, 4],
] as const;
const RUN = [
  [1, 4],
  [4, 4],
] as const;
const RUN_SAMPLE = [
  [0x100, 4],
  [0x200, 4],
  [0x400, 4],
  [0x800, 4],
] as const;

/**
 * Samples by the tables of a fragment.
 * @param buffer the contents of its `moof`.
 * @param begin where that box begins in the file.
 * @param size of a sample, where the fragment does not say.
 */
export function* fragmentSamples(buffer: Buffer, begin: number, id: number, size: number): Generator<Sample, void> {
  for (const traf of boxesIn(buffer)) {
    const header = traf.type === 'traf' ? findBox(buffer, traf, 'tfhd') : null;
    if (header === null || header.end - header.start < 8 || buffer.readUInt32BE(header.start + 4) !== id) continue;
    const own = places(buffer.readUInt32BE(header.start) & 0xffffff, HEADER);
    const start = header.start + 8;
    if (start + (own.get(0) ?? 0) > header.end) continue;
    const [based, sized] = [own.get(1), own.get(0x10)];
    const base = based === undefined ? begin : Number(buffer.readBigUInt64BE(start + based));
    const each = sized === undefined ? size : buffer.readUInt32BE(start + sized);
    let at = base;
    for (const run of boxesIn(buffer, traf.start, traf.end)) {
      if (run.type !== 'trun' || run.end - run.start < 8) continue;
      const flags = buffer.readUInt32BE(run.start) & 0xffffff;
      const [head, sample] = [places(flags, RUN), places(flags, RUN_SAMPLE)];
      const [first, width, sizeAt] = [run.start + 8 + (head.get(0) ?? 0), sample.get(0) ?? 0, sample.get(0x200)];
      if (first > run.end) continue;
      const count = buffer.readUInt32BE(run.start + 4);
      if (head.has(1)) at = base + buffer.readInt32BE(run.start + 8);
      for (let n = 0; n < count && first + (n + 1) * width <= run.end; n += 1) {
        const one = sizeAt === undefined ? each : buffer.readUInt32BE(first + n * width + sizeAt);
        yield { at, size: one };
        at += one;
      }
    }
  }
}
