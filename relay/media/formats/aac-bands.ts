/** Sampling rates of AAC, and the bands of frequencies that have a scale factor each (ISO/IEC 14496-3, 4.5.4). */

/** Frequencies of a long window, and of each of the eight short ones. */
export const LONG_LINES = 1024;
export const SHORT_LINES = 128;

/** Sampling rates by their index. */
export const RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
] as const;
/** The least rate of each index: a rate that has no index is coded as the nearest one. */
const LEAST = [92_017, 75_132, 55_426, 46_009, 37_566, 27_713, 23_004, 18_783, 13_856, 11_502, 9391, 0] as const;

/** The index whose bands a sampling rate has. @param rate in Hz. */
export function rateIndexOf(rate: number): number {
  return LEAST.findIndex((least) => rate >= least);
}

/** Bands of one width after those of another. */
type Widths = readonly (readonly [width: number, count: number])[];

/** Where bands begin, and after them where the last one ends. */
function edgesOf(widths: Widths): Uint16Array {
  let at = 0;
  return Uint16Array.from([
    0,
    ...widths.flatMap(([width, count]) => Array.from({ length: count }, () => (at += width))),
  ]);
}

/** Long windows: up to 88.2 kHz, and so on downwards. */
const LONG_88 = edgesOf([
  [4, 14],
  [8, 5],
  [12, 5],
  [16, 2],
  [24, 1],
  [28, 1],
  [36, 1],
  [44, 1],
  [64, 11],
]);
const LONG_64 = edgesOf([
  [4, 14],
  [8, 4],
  [12, 3],
  [16, 3],
  [20, 1],
  [24, 2],
  [28, 1],
  [36, 1],
  [40, 18],
]);
const LONG_44 = edgesOf([
  [4, 10],
  [8, 7],
  [12, 4],
  [16, 2],
  [20, 2],
  [24, 2],
  [28, 2],
  [32, 19],
  [96, 1],
]);
const LONG_32 = edgesOf([
  [4, 10],
  [8, 7],
  [12, 4],
  [16, 2],
  [20, 2],
  [24, 2],
  [28, 2],
  [32, 22],
]);
const LONG_22 = edgesOf([
  ...([
    [4, 11],
    [8, 10],
    [12, 4],
    [16, 3],
    [20, 2],
    [24, 2],
    [28, 2],
    [32, 1],
  ] as const),
  ...([
    [36, 2],
    [40, 1],
    [44, 1],
    [48, 1],
    [52, 2],
    [64, 5],
  ] as const),
]);
const LONG_11 = edgesOf([
  ...([
    [8, 11],
    [12, 9],
    [16, 4],
    [20, 3],
    [24, 2],
    [28, 2],
    [32, 1],
    [36, 1],
  ] as const),
  ...([
    [40, 2],
    [44, 1],
    [48, 1],
    [52, 1],
    [56, 1],
    [60, 1],
    [64, 3],
  ] as const),
]);
const LONG_8 = edgesOf([
  ...([
    [12, 13],
    [16, 7],
    [20, 4],
    [24, 3],
    [28, 2],
    [32, 1],
    [36, 2],
    [40, 1],
  ] as const),
  ...([
    [44, 1],
    [48, 1],
    [52, 1],
    [56, 1],
    [60, 1],
    [64, 1],
    [80, 1],
  ] as const),
]);

const SHORT_64 = edgesOf([
  [4, 6],
  [8, 3],
  [16, 1],
  [28, 1],
  [36, 1],
]);
const SHORT_32 = edgesOf([
  [4, 5],
  [8, 3],
  [12, 3],
  [16, 3],
]);
const SHORT_22 = edgesOf([
  [4, 7],
  [8, 3],
  [12, 2],
  [16, 2],
  [20, 1],
]);
const SHORT_11 = edgesOf([
  [4, 8],
  [8, 2],
  [12, 2],
  [16, 1],
  [20, 2],
]);
const SHORT_8 = edgesOf([
  [4, 7],
  [8, 4],
  [12, 1],
  [16, 1],
  [20, 2],
]);

/** What a kind of window has at a sampling rate. */
export interface Bands {
  /** Where each band begins, and where the last one ends. */
  readonly edges: Uint16Array;
  /** Bands up to which temporal noise is shaped. */
  readonly shaped: number;
}

const bands = (edges: Uint16Array, shaped: number): Bands => ({ edges, shaped });

/** By the index of the sampling rate. */
export const LONG_BANDS: readonly Bands[] = [
  ...[bands(LONG_88, 31), bands(LONG_88, 31), bands(LONG_64, 34), bands(LONG_44, 40), bands(LONG_44, 42)],
  ...[bands(LONG_32, 51), bands(LONG_22, 46), bands(LONG_22, 46), bands(LONG_11, 42), bands(LONG_11, 42)],
  ...[bands(LONG_11, 42), bands(LONG_8, 39), bands(LONG_8, 39)],
];
export const SHORT_BANDS: readonly Bands[] = [
  ...[bands(SHORT_64, 9), bands(SHORT_64, 9), bands(SHORT_64, 10), bands(SHORT_32, 14), bands(SHORT_32, 14)],
  ...[bands(SHORT_32, 14), bands(SHORT_22, 14), bands(SHORT_22, 14), bands(SHORT_11, 14), bands(SHORT_11, 14)],
  ...[bands(SHORT_11, 14), bands(SHORT_8, 14), bands(SHORT_8, 14)],
];
