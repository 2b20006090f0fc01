/**
 * Duration and size of WebM and Matroska. Recordings of browsers have no duration in their header: there it is the time
 * of the last block.
 */
import type { Bytes } from './bytes.ts';
import type { Timing } from './timing.ts';

/** Elements whose children are read. The walk is flat: a parent's size is not needed, and live recordings have none. */
const ENTERED: ReadonlySet<number> = new Set([
  0x18538067, // Segment
  0x1549a966, // Info
  0x1654ae6b, // Tracks
  0xae, // TrackEntry
  0xe0, // Video
  0x1f43b675, // Cluster
  0xa0, // BlockGroup
]);
const TIMESTAMP_SCALE = 0x2ad7b1;
const DURATION = 0x4489;
const PIXEL_WIDTH = 0xb0;
const PIXEL_HEIGHT = 0xba;
const CLUSTER = 0x1f43b675;
const TIMESTAMP = 0xe7;
const SIMPLE_BLOCK = 0xa3;
const BLOCK = 0xa1;
/** Of a 100 MiB file: blocks of one kilobyte, and some more. */
const MAX_ELEMENTS = 200_000;

/** A number of variable length: one leading bit per byte. With `marked` the leading bit is part of it, as in ids. */
function variable(
  buffer: Buffer,
  at: number,
  marked: boolean,
): { value: number; length: number; isUnknown: boolean } | null {
  const first = buffer[at];
  if (first === undefined || first === 0) return null;
  const length = Math.clz32(first) - 23;
  if (at + length > buffer.length) return null;
  let value = marked ? first : first & (0xff >> length);
  let isUnknown = (first & (0xff >> length)) === 0xff >> length;
  for (let n = 1; n < length; n += 1) {
    const byte = buffer[at + n] ?? 0;
    isUnknown &&= byte === 0xff;
    value = value * 256 + byte;
  }
  return { value, length, isUnknown };
}

function unsigned(buffer: Buffer): number {
  let value = 0;
  for (const byte of buffer) value = value * 256 + byte;
  return value;
}

function float(buffer: Buffer): number {
  if (buffer.length === 4) return buffer.readFloatBE(0);
  return buffer.length === 8 ? buffer.readDoubleBE(0) : 0;
}

/** The time of a block within its cluster. */
function blockTime(head: Buffer): number | null {
  const track = variable(head, 0, false);
  return track === null || track.length + 2 > head.length ? null : head.readInt16BE(track.length);
}

/** Reads the header and, where that has no duration, every block's time. Throws nothing for any bytes. */
export async function webmTiming(bytes: Bytes): Promise<Timing> {
  let scale = 1_000_000;
  let stated = 0;
  let width: number | null = null;
  let height: number | null = null;
  let cluster = 0;
  let last = 0;

  /** @returns false when nothing after this element is of interest. */
  function read(id: number, value: Buffer): void {
    if (id === TIMESTAMP_SCALE) scale = unsigned(value);
    else if (id === DURATION) stated = float(value);
    else if (id === PIXEL_WIDTH) width ??= unsigned(value);
    else if (id === PIXEL_HEIGHT) height ??= unsigned(value);
    else if (id === TIMESTAMP) cluster = unsigned(value);
    else if (id === SIMPLE_BLOCK || id === BLOCK) last = Math.max(last, cluster + (blockTime(value) ?? 0));
  }

  for (let at = 0, elements = 0; at < bytes.size && elements < MAX_ELEMENTS; elements += 1) {
    const head = await bytes.read(at, 32);
    const id = variable(head, 0, true);
    const size = id && variable(head, id.length, false);
    if (!id || !size) break;
    // The header has said everything before the first cluster.
    if (id.value === CLUSTER && stated > 0) break;
    const start = id.length + size.length;
    if (ENTERED.has(id.value)) {
      at += start;
      continue;
    }
    if (size.isUnknown) break;
    read(id.value, head.subarray(start, start + Math.min(size.value, 16)));
    at += start + size.value;
  }

  const seconds = ((stated > 0 ? stated : last) * scale) / 1e9;
  return { duration: Number.isFinite(seconds) && seconds > 0 ? seconds : null, width, height };
}
