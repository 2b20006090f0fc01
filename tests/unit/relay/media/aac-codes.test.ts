/** The tables of AAC: what any slip in them would break. */
import { describe, expect, test } from 'vitest';
import { LONG_BANDS, RATES, rateIndexOf, SHORT_BANDS } from '../../../../relay/media/formats/aac-bands.ts';
import { readEntry, SCALE_BOOK, SPECTRAL_BOOKS, type CodeBook } from '../../../../relay/media/formats/aac-codes.ts';
import { Bits } from '../../../../relay/media/formats/bits.ts';
import { bytesOfBits, codeOf } from '../../../helpers/aac-bits.ts';

const BOOKS: [name: string, book: CodeBook, entries: number][] = [
  ['scale factors', SCALE_BOOK, 121],
  ...[81, 81, 81, 81, 81, 81, 64, 64, 169, 169, 289].map((entries, n): [string, CodeBook, number] => [
    `book ${n + 1}`,
    SPECTRAL_BOOKS[n] ?? SCALE_BOOK,
    entries,
  ]),
];

describe.each(BOOKS)('%s', (_name, book, entries) => {
  test('has each entry once', () => {
    expect(book.counts.reduce((sum, count) => sum + count, 0)).toBe(entries);
    expect([...book.order].sort((a, b) => a - b)).toEqual(Array.from({ length: entries }, (_, n) => n));
  });

  test('leaves no bits without a meaning, and none with two', () => {
    expect(book.counts.reduce((sum, count, n) => sum + count / 2 ** (n + 1), 0)).toBe(1);
  });

  test('gives back each entry that is written with it', () => {
    const written = Array.from({ length: entries }, (_, entry) => codeOf(book, entry)).join('');
    const bits = new Bits(bytesOfBits(written));
    for (let entry = 0; entry < entries; entry += 1) expect(readEntry(book, bits)).toBe(entry);
  });

  test('is at its end with the bits', () => {
    expect(() => readEntry(book, new Bits(Buffer.alloc(0)))).toThrow(RangeError);
  });
});

/** As the standard prints them, the longest ones among them. */
test.each([
  [SCALE_BOOK, 60, '0'],
  [SCALE_BOOK, 0, '111111111111101000'],
  [SPECTRAL_BOOKS[0], 40, '0'],
  [SPECTRAL_BOOKS[0], 0, '11111111000'],
  [SPECTRAL_BOOKS[2], 0, '0'],
  [SPECTRAL_BOOKS[10], 288, '00100'],
  [SPECTRAL_BOOKS[10], 0, '0000'],
])('%# is a known code', (book, entry, code) => {
  expect(book && codeOf(book, entry)).toBe(code);
});

test('an entry is its values, the first one the highest digit', () => {
  const values = (book: number, entry: number): number[] => {
    const { dimensions = 2, values: all = [] } = SPECTRAL_BOOKS[book - 1] ?? {};
    return [...all.slice(entry * dimensions, (entry + 1) * dimensions)];
  };
  expect(values(1, 0)).toEqual([-1, -1, -1, -1]);
  expect(values(2, 41)).toEqual([0, 0, 0, 1]);
  expect(values(4, 80)).toEqual([2, 2, 2, 2]);
  expect(values(6, 9)).toEqual([-3, -4]);
  expect(values(8, 15)).toEqual([1, 7]);
  expect(values(9, 168)).toEqual([12, 12]);
  expect(values(11, 16)).toEqual([0, 16]);
});

test.each([
  ['long', LONG_BANDS, 1024, [41, 41, 47, 49, 49, 51, 47, 47, 43, 43, 43, 40, 40]],
  ['short', SHORT_BANDS, 128, [12, 12, 12, 14, 14, 14, 15, 15, 15, 15, 15, 15, 15]],
] as const)('the bands of %s windows go up to the last frequency', (_name, all, lines, counts) => {
  expect(all.map(({ edges }) => edges.length - 1)).toEqual(counts);
  for (const { edges, shaped } of all) {
    expect([edges[0], edges.at(-1)]).toEqual([0, lines]);
    expect(edges.every((edge, n) => n === 0 || (edge > (edges[n - 1] ?? 0) && edge % 4 === 0))).toBe(true);
    expect(shaped).toBeLessThan(edges.length);
  }
});

test('a rate without an index has the bands of the nearest one', () => {
  expect(RATES.slice(0, 12).map(rateIndexOf)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect([200_000, 50_000, 40_000, 7350, 1].map(rateIndexOf)).toEqual([0, 3, 4, 11, 11]);
});
