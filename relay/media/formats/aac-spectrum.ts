/** What is done to the frequencies of AAC before they are sound (ISO/IEC 14496-3, 4.6.8, 4.6.9 and 4.6.13). Pure. */
import { SHORT_LINES } from './aac-bands.ts';
import { COPY_BOOK, COPY_TURNED_BOOK, eachBand, NOISE_BOOK, type Channel, type Filter } from './aac-channel.ts';

/** Which bands of a pair are coded as their sum and difference. */
export interface Mask {
  /** By group and band. */
  joined: Uint8Array;
  /** Whether each band has its own, rather than all of them the same. */
  isByBand: boolean;
}

/** Makes two channels of the sums and differences, and of those bands that are a copy. The windows must be the same. */
export function separate(left: Channel, right: Channel, mask: Mask | null): void {
  eachBand(right.layout, (index, from, to) => {
    const book = right.books[index] ?? 0;
    const isJoined = mask?.joined[index] === 1;
    if (book >= COPY_TURNED_BOOK) {
      const isTurned = (book !== COPY_BOOK) !== (isJoined && mask.isByBand);
      const scale = (right.scales[index] ?? 0) * (isTurned ? -1 : 1);
      for (let at = from; at < to; at += 1) right.lines[at] = (left.lines[at] ?? 0) * scale;
    } else if (isJoined && book !== NOISE_BOOK && (left.books[index] ?? 0) < NOISE_BOOK) {
      for (let at = from; at < to; at += 1) {
        const [middle, side] = [left.lines[at] ?? 0, right.lines[at] ?? 0];
        left.lines[at] = middle + side;
        right.lines[at] = middle - side;
      }
    }
  });
}

/** Fills the bands that are noise. @param random from -1 to 1. */
export function addNoise({ layout, books, scales, lines }: Channel, random: () => number): void {
  if (!books.includes(NOISE_BOOK)) return;
  eachBand(layout, (index, from, to) => {
    if (books[index] !== NOISE_BOOK) return;
    let power = 0;
    for (let at = from; at < to; at += 1) {
      const value = random();
      lines[at] = value;
      power += value ** 2;
    }
    const scale = power > 0 ? (scales[index] ?? 0) / Math.sqrt(power) : 0;
    for (let at = from; at < to; at += 1) lines[at] = (lines[at] ?? 0) * scale;
  });
}

/** The weights of the values before one, from reflections. */
export function weightsOf(reflections: readonly number[]): number[] {
  let weights: number[] = [];
  for (const reflection of reflections) {
    const last = weights;
    weights = last.map((weight, n) => weight + reflection * (last[last.length - 1 - n] ?? 0));
    weights.push(reflection);
  }
  return weights;
}

function filterLines(lines: Float64Array, { reflections, isDownwards }: Filter, from: number, to: number): void {
  const weights = weightsOf(reflections);
  const step = isDownwards ? -1 : 1;
  const first = isDownwards ? to - 1 : from;
  for (let n = 0; n < to - from; n += 1) {
    const at = first + n * step;
    let value = lines[at] ?? 0;
    for (let back = 1; back <= Math.min(n, weights.length); back += 1)
      value -= (weights[back - 1] ?? 0) * (lines[at - back * step] ?? 0);
    lines[at] = value;
  }
}

/** Shapes the noise of coding in time: a filter over frequencies is an envelope over time. */
export function shapeNoise({ layout, lines, filters }: Channel): void {
  const { edges, shaped } = layout.bands;
  const most = Math.min(shaped, layout.used);
  for (const [window, own] of filters.entries()) {
    let bottom = edges.length - 1;
    for (const filter of own) {
      const top = bottom;
      bottom = Math.max(0, top - filter.length);
      const start = window * SHORT_LINES;
      const [from, to] = [edges[Math.min(bottom, most)] ?? 0, edges[Math.min(top, most)] ?? 0];
      filterLines(lines, filter, start + from, start + to);
    }
  }
}
