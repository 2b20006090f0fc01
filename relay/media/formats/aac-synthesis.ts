/** From the frequencies of AAC to samples (ISO/IEC 14496-3, 4.6.11): a cosine transform, windows, and their overlap. Pure. */
import { LONG_LINES, SHORT_LINES } from './aac-bands.ts';
import { WINDOWS, type Layout } from './aac-channel.ts';
import { cosineTransform, type CosineTransform } from './cosine-transform.ts';

/** Where the first of the short windows begins. */
const SHORT_BEGIN = (LONG_LINES - SHORT_LINES) / 2;
/** Samples are stated for 16 bits. */
const FULL = 32_768;

const LONG_TRANSFORM = cosineTransform(LONG_LINES, 1 / LONG_LINES / FULL);
const SHORT_TRANSFORM = cosineTransform(SHORT_LINES, 1 / SHORT_LINES / FULL);

/** The rising half of a sine window. */
export const sineRise = (count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, n) => Math.sin((Math.PI * (n + 0.5)) / (count * 2)));

/** The modified Bessel function of order zero. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= (x / 2 / n) ** 2;
    sum += term;
  }
  return sum;
}

/** The rising half of a window that is derived from Kaiser and Bessel's. */
export function kaiserRise(count: number, alpha: number): Float64Array {
  const kernel = Float64Array.from({ length: count + 1 }, (_, n) =>
    bessel(Math.PI * alpha * Math.sqrt(1 - ((n * 2) / count - 1) ** 2)),
  );
  const all = kernel.reduce((sum, one) => sum + one, 0);
  let sum = 0;
  return kernel.subarray(0, count).map((one) => Math.sqrt((sum += one) / all));
}

/** By shape: a sine, and Kaiser and Bessel's. */
const SHORT_RISES = [sineRise(SHORT_LINES), kaiserRise(SHORT_LINES, 6)] as const;
const LONG_RISES = [sineRise(LONG_LINES), kaiserRise(LONG_LINES, 4)] as const;
/** Of a long window beside short ones: it rises as late, and as fast, as the first of those. */
const LATE_RISES = SHORT_RISES.map((rise) => {
  const late = new Float64Array(LONG_LINES).fill(1, SHORT_BEGIN);
  late.set(rise, SHORT_BEGIN);
  return late;
});

const shapeOf = (rises: readonly Float64Array[], shape: number): Float64Array => rises[shape] ?? SHORT_RISES[0];

/** Adds a window's samples, of which the transform gives one half: the rest is its mirror image. */
function addWindow(
  transformed: Float64Array,
  rise: Float64Array,
  fall: Float64Array,
  into: Float64Array,
  begin: number,
): void {
  const count = rise.length;
  const half = count / 2;
  for (let n = 0; n < half; n += 1) {
    const outer = transformed[half + n] ?? 0;
    const inner = transformed[half - 1 - n] ?? 0;
    const first = begin + n;
    const second = begin + count - 1 - n;
    const third = begin + count + n;
    const fourth = begin + count * 2 - 1 - n;
    into[first] = (into[first] ?? 0) + outer * (rise[n] ?? 0);
    into[second] = (into[second] ?? 0) - outer * (rise[count - 1 - n] ?? 0);
    into[third] = (into[third] ?? 0) - inner * (fall[count - 1 - n] ?? 0);
    into[fourth] = (into[fourth] ?? 0) - inner * (fall[n] ?? 0);
  }
}

/** Makes the samples of a channel, frame by frame. */
export class Synthesis {
  /** Those of the next frame, as far as they are known, behind those of this one. */
  readonly #samples = new Float64Array(LONG_LINES * 2);
  readonly #transformed = new Float64Array(LONG_LINES);
  /** How the window before ended. */
  #shape = 0;

  /** @returns as many samples as a frame has, from -1 to 1; they last until the next frame. */
  add(lines: Float64Array, { sequence, shape, isShort }: Layout): Float64Array {
    const samples = this.#samples;
    samples.copyWithin(0, LONG_LINES);
    samples.fill(0, LONG_LINES);
    const before = this.#shape;
    this.#shape = shape;
    if (isShort) this.#addShort(SHORT_TRANSFORM, lines, shapeOf(SHORT_RISES, before), shapeOf(SHORT_RISES, shape));
    else {
      LONG_TRANSFORM(lines, 0, this.#transformed);
      const rise = shapeOf(sequence === WINDOWS.stop ? LATE_RISES : LONG_RISES, before);
      const fall = shapeOf(sequence === WINDOWS.start ? LATE_RISES : LONG_RISES, shape);
      addWindow(this.#transformed, rise, fall, samples, 0);
    }
    return samples.subarray(0, LONG_LINES);
  }

  #addShort(transform: CosineTransform, lines: Float64Array, before: Float64Array, own: Float64Array): void {
    for (let window = 0; window < LONG_LINES / SHORT_LINES; window += 1) {
      transform(lines, window * SHORT_LINES, this.#transformed);
      const begin = SHORT_BEGIN + window * SHORT_LINES;
      addWindow(this.#transformed, window === 0 ? before : own, own, this.#samples, begin);
    }
  }
}
