/** From frequencies to samples: the transform by its definition, and the windows by what they are for. */
import { describe, expect, test } from 'vitest';
import { LONG_BANDS } from '../../../../relay/media/formats/aac-bands.ts';
import { WINDOWS, type Layout } from '../../../../relay/media/formats/aac-channel.ts';
import { kaiserRise, sineRise, Synthesis } from '../../../../relay/media/formats/aac-synthesis.ts';
import { cosineTransform } from '../../../../relay/media/formats/cosine-transform.ts';
import { randomSource } from '../../../helpers/random-source.ts';

const random = randomSource(3);
const noise = (count: number): Float64Array =>
  Float64Array.from({ length: count }, () => random.below(2000) / 1000 - 1);

test.each([4, 128, 1024])('the transform of %i values is that of its definition', (size) => {
  const values = noise(size + 5);
  const found = new Float64Array(size);
  cosineTransform(size, 0.5)(values, 5, found);
  for (let n = 0; n < size; n += Math.max(1, size / 64)) {
    let sum = 0;
    for (let k = 0; k < size; k += 1) sum += (values[k + 5] ?? 0) * Math.cos((Math.PI / size) * (n + 0.5) * (k + 0.5));
    expect(found[n]).toBeCloseTo(sum / 2, 9);
  }
});

test('windows add up to one where they overlap, and Kaiser and Bessel’s begin as the standard has them', () => {
  for (const rise of [sineRise(1024), sineRise(128), kaiserRise(1024, 4), kaiserRise(128, 6)])
    for (const [n, one] of rise.entries()) expect(one ** 2 + (rise.at(-1 - n) ?? 0) ** 2).toBeCloseTo(1, 12);
  expect(kaiserRise(1024, 4)[0]).toBeCloseTo(0.000_292_561_5, 9);
  expect(kaiserRise(128, 6)[0]).toBeCloseTo(0.000_043_795_7, 9);
});

describe('a frame', () => {
  const layout = (sequence: number, shape: number): Layout => {
    const [bands = { edges: new Uint16Array(), shaped: 0 }] = LONG_BANDS;
    return { sequence, shape, isShort: sequence === WINDOWS.short, groups: [1], used: 0, bands };
  };
  const silence = new Float64Array(1024);
  /** Samples of a frame after a silent one that ended in a shape, and those that it gives to the next one. */
  const framed = (
    before: number,
    sequence: number,
    shape: number,
    lines: Float64Array,
  ): [Float64Array, Float64Array] => {
    const synthesis = new Synthesis();
    synthesis.add(silence, layout(WINDOWS.long, before));
    const own = Float64Array.from(synthesis.add(lines, layout(sequence, shape)));
    return [own, Float64Array.from(synthesis.add(silence, layout(WINDOWS.long, 0)))];
  };
  const ratios = (one: Float64Array, other: Float64Array, at: number): number => (one[at] ?? 0) / (other[at] ?? 1);

  test.each([
    [WINDOWS.long, 0, sineRise(1024), kaiserRise(1024, 4)],
    [WINDOWS.start, 0, sineRise(1024), kaiserRise(1024, 4)],
    [WINDOWS.stop, 448, sineRise(128), kaiserRise(128, 6)],
    [WINDOWS.short, 448, sineRise(128), kaiserRise(128, 6)],
  ])('of sequence %i rises as the one before it fell', (sequence, begin, sine, kaiser) => {
    const lines = noise(1024);
    const [[plain], [other]] = [framed(0, sequence, 0, lines), framed(1, sequence, 0, lines)];
    expect(plain.subarray(0, begin).every((one) => one === 0)).toBe(true);
    for (const n of [3, 40, 90]) expect(ratios(other, plain, begin + n)).toBeCloseTo(ratios(kaiser, sine, n), 9);
    expect(other.subarray(begin + sine.length)).toEqual(plain.subarray(begin + sine.length));
  });

  test.each([
    [WINDOWS.long, 0, sineRise(1024), kaiserRise(1024, 4)],
    [WINDOWS.stop, 0, sineRise(1024), kaiserRise(1024, 4)],
    [WINDOWS.start, 448, sineRise(128), kaiserRise(128, 6)],
  ])('of sequence %i falls by its own shape', (sequence, begin, sine, kaiser) => {
    const lines = noise(1024);
    const [[, plain], [, other]] = [framed(0, sequence, 0, lines), framed(0, sequence, 1, lines)];
    const last = begin + sine.length - 1;
    expect(plain.subarray(last + 1).every((one) => one === 0)).toBe(true);
    for (const n of [3, 40, 90]) expect(ratios(other, plain, last - n)).toBeCloseTo(ratios(kaiser, sine, n), 9);
    expect(other.subarray(0, begin)).toEqual(plain.subarray(0, begin));
  });

  test('of short windows has each where it belongs', () => {
    const lines = new Float64Array(1024);
    lines.fill(1, 128 * 3, 128 * 4);
    const [own, next] = framed(0, WINDOWS.short, 0, lines);
    const loud = [...own, ...next].flatMap((one, n) => (Math.abs(one) > 1e-12 ? [n] : []));
    expect([loud[0], loud.at(-1)]).toEqual([448 + 3 * 128, 448 + 5 * 128 - 1]);
  });
});
