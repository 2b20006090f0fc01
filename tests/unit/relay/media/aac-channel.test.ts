/** A channel of AAC, from bits that are written by hand; see also aac.test.ts for real ones. */
import { describe, expect, test } from 'vitest';
import { readChannel, readLayout, type Channel } from '../../../../relay/media/formats/aac-channel.ts';
import { SCALE_BOOK, SPECTRAL_BOOKS } from '../../../../relay/media/formats/aac-codes.ts';
import { addNoise, separate, shapeNoise, weightsOf } from '../../../../relay/media/formats/aac-spectrum.ts';
import { Bits } from '../../../../relay/media/formats/bits.ts';
import { bitsOf, bytesOfBits, codeOf } from '../../../helpers/aac-bits.ts';

/** The index of 44.1 kHz. */
const RATE = 4;
const ESCAPES = SPECTRAL_BOOKS[10] ?? { ...SCALE_BOOK };
const scale = (step: number): string => codeOf(SCALE_BOOK, step + 60);
/** A long window that ends as a sine, with so many bands. */
const long = (bands: number): string => `0${bitsOf(0, 2)}0${bitsOf(bands, 6)}0`;
const section = (book: number, bands: number): string => bitsOf(book, 4) + bitsOf(bands, 5);
/** No pulses, no filters, no control of gain. */
const PLAIN = '000';
const pair = (first: number, second: number, rest = ''): string => codeOf(ESCAPES, first * 17 + second) + rest;

const read = (bits: string): Channel => readChannel(new Bits(bytesOfBits(bits)), RATE, null, new Float64Array(1024));
const gain = (value: number): string => bitsOf(value, 8);

test('values have signs, and those of 16 and more stand behind them', () => {
  const values = pair(1, 0, '1') + pair(16, 16, `01${'0'}${bitsOf(1, 4)}${'11110'}${bitsOf(9, 8)}`);
  const { lines } = read(gain(100) + long(1) + section(11, 1) + scale(0) + PLAIN + values);
  expect([...lines.subarray(0, 5)]).toEqual(
    [-1, 0, 17 ** (4 / 3), -(265 ** (4 / 3)), 0].map((one): unknown => expect.closeTo(one, 6)),
  );
});

test('a scale factor is a difference to the one before, and four of them double', () => {
  const values = pair(1, 0, '0') + pair(0, 0) + pair(1, 0, '0') + pair(0, 0);
  const { lines } = read(gain(108) + long(2) + section(11, 2) + scale(0) + scale(-4) + PLAIN + values);
  expect([lines[0], lines[4]]).toEqual([4, 2]);
});

test('pulses make single values larger, whichever their sign', () => {
  const pulses = `1${bitsOf(1, 2)}${bitsOf(0, 6)}${bitsOf(1, 5)}${bitsOf(7, 4)}${bitsOf(1, 5)}${bitsOf(24, 4)}`;
  const values = pair(3, 1, '00') + pair(3, 0, '1');
  const { lines } = read(`${gain(100)}${long(1)}${section(11, 1)}${scale(0)}${pulses}00${values}`);
  expect([...lines.subarray(0, 4)]).toEqual(
    [3 ** (4 / 3), 8 ** (4 / 3), -(11 ** (4 / 3)), 0].map((one): unknown => expect.closeTo(one, 6)),
  );
});

test('windows of a group share their scale factors and their books', () => {
  const layout = `0${bitsOf(2, 2)}1${bitsOf(1, 4)}1110111`;
  const sections = bitsOf(11, 4) + bitsOf(1, 3) + bitsOf(0, 4) + bitsOf(1, 3);
  const values = [1, 2, 3, 4].map((value) => pair(value, 0, '0') + pair(0, 0)).join('');
  const { lines, layout: found } = read(gain(100) + layout + sections + scale(0) + PLAIN + values);
  expect(found).toMatchObject({ groups: [4, 4], isShort: true, shape: 1 });
  expect([0, 128, 256, 384, 512].map((at) => lines[at])).toEqual(
    [1, 2, 3, 4, 0].map((one): unknown => expect.closeTo(one ** (4 / 3), 6)),
  );
});

test.each([
  ['more bands than there are', gain(100) + long(50)],
  ['a prediction', `${gain(100)}${long(1).slice(0, -1)}1`],
  ['a book that is not used', gain(100) + long(1) + section(12, 1)],
  ['a part past the last band', gain(100) + long(1) + section(11, 2)],
  ['a scale factor below all', gain(3) + long(1) + section(11, 1) + scale(-4) + PLAIN],
  ['a scale factor above all', gain(250) + long(1) + section(11, 1) + scale(6) + PLAIN],
  ['a control of gain', `${gain(100) + long(1) + section(0, 1)}001`],
  ['a filter of order 21', `${gain(100) + long(1) + section(0, 1)}01${bitsOf(1, 2)}0${bitsOf(1, 6)}${bitsOf(21, 5)}`],
  ['a pulse past the last band', `${gain(100) + long(1) + section(0, 1)}1${bitsOf(0, 2)}${bitsOf(60, 6)}`],
  ['a value of nine ones', gain(100) + long(1) + section(11, 1) + scale(0) + PLAIN + pair(16, 0, `0${'1'.repeat(9)}`)],
  ['parts of no length up to the end', gain(100) + long(1) + section(11, 0).repeat(20)],
])('%s: refused', (_name, bits) => {
  expect(() => read(bits + '0'.repeat(9 * 8))).toThrow(RangeError);
});

describe('of a pair', () => {
  /** Four values of one band. */
  const channel = (book: number, factor: number, ...values: number[]): Channel => {
    const lines = new Float64Array(1024);
    lines.set(values);
    const layout = readLayout(new Bits(bytesOfBits(long(1))), RATE);
    return { layout, books: Uint8Array.of(book), scales: [factor], lines, filters: [] };
  };
  const separated = (left: Channel, right: Channel, joined: number, isByBand = true): number[][] => {
    separate(left, right, { joined: Uint8Array.of(joined), isByBand });
    return [left, right].map(({ lines }) => [...lines.subarray(0, 2)]);
  };

  test('the sum and the difference become two channels', () => {
    expect(separated(channel(1, 1, 3, 4), channel(1, 1, 1, -1), 1)).toEqual([
      [4, 3],
      [2, 5],
    ]);
  });
  test('what is not joined stays', () => {
    expect(separated(channel(1, 1, 3, 4), channel(1, 1, 1, -1), 0)).toEqual([
      [3, 4],
      [1, -1],
    ]);
  });
  test.each([
    [15, 0, true, 1.5],
    [14, 0, true, -1.5],
    [15, 1, true, -1.5],
    [14, 1, true, 1.5],
    [15, 1, false, 1.5],
  ])('a copy of book %i, joined %i', (book, joined, isByBand, expected) => {
    expect(separated(channel(1, 1, 3, 0), channel(book, 0.5), joined, isByBand)[1]).toEqual([expected, expected * 0]);
  });
  test('noise is not part of a sum', () => {
    expect(separated(channel(13, 1, 0, 0), channel(1, 1, 1, 1), 1)).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  test('noise has the power that its band states', () => {
    const noisy = channel(13, 12);
    let n = 0;
    addNoise(noisy, () => Math.sin((n += 1)));
    expect(noisy.lines.reduce((sum, one) => sum + one ** 2, 0)).toBeCloseTo(144, 6);
    expect(noisy.lines.subarray(4).every((one) => one === 0)).toBe(true);
  });
});

test('noise is as loud as the gain less what it is below it by', () => {
  const bits = gain(100) + long(2) + section(13, 2) + bitsOf(250, 9) + scale(4) + PLAIN;
  expect(read(bits).scales).toEqual(
    [1, 2].map((one): unknown => expect.closeTo(one * 2 ** ((100 - 90 - 256 + 250) / 4), 9)),
  );
});

test('a filter takes off what was predicted from the values before', () => {
  expect(weightsOf([0.5, 0.25])).toEqual([0.625, 0.25]);
  const bits = `${gain(100)}${long(2)}${section(11, 2)}${scale(0)}${scale(0)}0`;
  // One filter over all bands, with 4 bits for each of its two weights.
  const filter = (way: number): string =>
    `1${bitsOf(1, 2)}1${bitsOf(49, 6)}${bitsOf(2, 5)}${way}0${bitsOf(3, 4)}${bitsOf(14, 4)}0`;
  const values = pair(1, 0, '0') + pair(0, 0) + pair(0, 0) + pair(0, 1, '0');
  const [first, second] = [Math.sin((3 * Math.PI) / 15), Math.sin((-2 * Math.PI) / 17)];
  const [near, far] = [first + first * second, second];
  const up = read(bits + filter(0) + values);
  shapeNoise(up);
  expect([...up.lines.subarray(0, 3)]).toEqual(
    [1, -near, near ** 2 - far].map((one): unknown => expect.closeTo(one, 9)),
  );
  const down = read(bits + filter(1) + values);
  shapeNoise(down);
  expect([...down.lines.subarray(5, 8)]).toEqual(
    [near ** 2 - far, -near, 1].map((one): unknown => expect.closeTo(one, 9)),
  );
});
