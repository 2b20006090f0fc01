/** The curve of loudness over frequency that a packet of Vorbis begins with, for each channel (Vorbis I, 7.2). */
import type { BitsFromLow } from './bits-from-low.ts';
import { readCode } from './vorbis-codes.ts';
import { bitsOf, type Floor, type VorbisSetup } from './vorbis-setup.ts';

/** Values of a point, by the floor's multiplier. */
const RANGES = [256, 128, 86, 64] as const;
/** The 256 steps of a curve: 0.547 dB from one to the next, and the last one is 1. */
const STEPS = Float32Array.from({ length: 256 }, (_, step) => Math.exp(((step - 255) * 16.055_16) / 255));

/** The points as they are in the packet; null where the channel is silent. */
function readPoints(bits: BitsFromLow, floor: Floor, setup: VorbisSetup): number[] | null {
  if (bits.unsigned(1) === 0) return null;
  const size = bitsOf((RANGES[floor.multiplier - 1] ?? 0) - 1);
  const points = [bits.unsigned(size), bits.unsigned(size)];
  for (const { dimensions, subclasses, master, books } of floor.partitions) {
    let which = subclasses > 0 ? readCode(setup.book(master).tree, bits) : 0;
    for (let n = 0; n < dimensions; n += 1) {
      const book = books[which % 2 ** subclasses] ?? -1;
      which = Math.floor(which / 2 ** subclasses);
      points.push(book < 0 ? 0 : readCode(setup.book(book).tree, bits));
    }
  }
  return points;
}

type Point = readonly [place: number, value: number];

/** The value at a place of the line between two points, as a decoder rounds it. */
function lineAt(x: number, [x0, y0]: Point, [x1, y1]: Point): number {
  const off = Math.floor((Math.abs(y1 - y0) * (x - x0)) / (x1 - x0));
  return y1 < y0 ? y0 - off : y0 + off;
}

/** The points that are used, by place: each was written as the difference to the line between its neighbours. */
export function curveOf({ places, multiplier }: Floor, points: readonly number[]): Point[] {
  const range = RANGES[multiplier - 1] ?? 0;
  const values: number[] = points.slice(0, 2);
  const used = [true, true];
  for (let n = 2; n < places.length; n += 1) {
    const x = places[n] ?? 0;
    let [low, high] = [0, 1];
    for (let one = 0; one < n; one += 1) {
      const place = places[one] ?? 0;
      if (place < x && place > (places[low] ?? 0)) low = one;
      if (place > x && place < (places[high] ?? 0)) high = one;
    }
    const expected = lineAt(x, [places[low] ?? 0, values[low] ?? 0], [places[high] ?? 0, values[high] ?? 0]);
    const value = points[n] ?? 0;
    const above = range - expected;
    used[n] = value !== 0;
    if (value === 0) {
      values.push(expected);
      continue;
    }
    used[low] = true;
    used[high] = true;
    if (value >= 2 * Math.min(above, expected)) values.push(above > expected ? value : range - value - 1);
    else values.push(value % 2 === 1 ? expected - (value + 1) / 2 : expected + value / 2);
  }
  return places
    .flatMap((place, n): Point[] => (used[n] === true ? [[place, (values[n] ?? 0) * multiplier]] : []))
    .sort(([one], [other]) => one - other);
}

/** By how much each of the `half` frequencies of a channel is scaled; null where it is silent. */
export function readCurve(
  bits: BitsFromLow,
  floor: Floor | undefined,
  setup: VorbisSetup,
  half: number,
): Float32Array | null {
  const points = floor === undefined ? null : readPoints(bits, floor, setup);
  if (floor === undefined || points === null) return null;
  const scale = new Float32Array(half);
  const curve = curveOf(floor, points);
  for (const [n, to] of curve.entries()) {
    const from = curve[n - 1];
    if (from === undefined) continue;
    const [[x0, y0], [x1, y1]] = [from, to];
    const [rise, run, end] = [Math.abs(y1 - y0), x1 - x0, Math.min(x1, half)];
    for (let x = x0; x < end; x += 1) {
      const off = Math.floor((rise * (x - x0)) / run);
      scale[x] = STEPS[Math.min(255, Math.max(0, y1 < y0 ? y0 - off : y0 + off))] ?? 0;
    }
  }
  return scale;
}
