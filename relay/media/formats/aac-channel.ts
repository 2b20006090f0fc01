/** A channel of a frame of AAC as it is in the bits (ISO/IEC 14496-3, 4.4.2.7): how it is windowed, and its frequencies. */
import { LONG_BANDS, LONG_LINES, SHORT_BANDS, SHORT_LINES, type Bands } from './aac-bands.ts';
import { readEntry, SCALE_BOOK, SPECTRAL_BOOKS, type SpectralBook } from './aac-codes.ts';
import type { Bits } from './bits.ts';

/** How the windows of a frame follow each other. */
export const WINDOWS = { long: 0, start: 1, short: 2, stop: 3 } as const;

/** Books that stand for something else than codes: nothing, one that is not used, and noise. */
const ZERO_BOOK = 0;
const UNUSED_BOOK = 12;
export const NOISE_BOOK = 13;
/** From here on a channel is a copy of the other one: turned about, or as it is. */
export const COPY_TURNED_BOOK = 14;
export const COPY_BOOK = 15;

/** The windows of a channel, which both channels of a pair may share. */
export interface Layout {
  /** Of `WINDOWS`. */
  sequence: number;
  /** How the window ends: 1 is Kaiser and Bessel's, 0 is a sine. */
  shape: number;
  isShort: boolean;
  /** Windows in each group; those of a group share their scale factors. */
  groups: readonly number[];
  /** Bands that are in the bits. */
  used: number;
  bands: Bands;
}

/** A filter over the frequencies of one window. */
export interface Filter {
  /** Bands, from the one where the filter before it ended, downwards. */
  length: number;
  isDownwards: boolean;
  /** As they are in the bits, less what they are coded in. */
  reflections: readonly number[];
}

export interface Channel {
  layout: Layout;
  /** By group and band, each group having `layout.used`. */
  books: Uint8Array;
  scales: readonly number[];
  /** Window after window. */
  lines: Float64Array;
  /** By window. */
  filters: readonly (readonly Filter[])[];
}

/** @throws RangeError for what AAC-LC has not. */
export function readLayout(bits: Bits, rateIndex: number): Layout {
  bits.skip(1);
  const [sequence, shape] = [bits.unsigned(2), bits.unsigned(1)];
  const isShort = sequence === WINDOWS.short;
  const used = bits.unsigned(isShort ? 4 : 6);
  const bands = (isShort ? SHORT_BANDS : LONG_BANDS)[rateIndex];
  if (bands === undefined || used >= bands.edges.length) throw new RangeError('more bands of AAC than there are');
  if (!isShort) {
    if (bits.unsigned(1) === 1) throw new RangeError('a prediction that AAC-LC has not');
    return { sequence, shape, isShort, groups: [1], used, bands };
  }
  const groups = [1];
  for (let n = 0; n < 7; n += 1) {
    if (bits.unsigned(1) === 1) groups.push((groups.pop() ?? 0) + 1);
    else groups.push(1);
  }
  return { sequence, shape, isShort, groups, used, bands };
}

function readBooks(bits: Bits, { isShort, groups, used }: Layout): Uint8Array {
  const books = new Uint8Array(groups.length * used);
  const size = isShort ? 3 : 5;
  for (let group = 0; group < groups.length; group += 1) {
    for (let at = 0; at < used;) {
      const book = bits.unsigned(4);
      if (book === UNUSED_BOOK) throw new RangeError('a book that AAC has not');
      const from = at;
      let more = 0;
      do {
        more = bits.unsigned(size);
        at += more;
      } while (more === 2 ** size - 1);
      if (at > used) throw new RangeError('a part past the last band of AAC');
      books.fill(book, group * used + from, group * used + at);
    }
  }
  return books;
}

const FLAT_GAIN = 100;
/** What noise is softer than the frame's gain, by its first band, whose difference has nine bits. */
const NOISE_BELOW = 90 + 256;
const MOST_GAIN = 255;

/** What each band is multiplied by; of a copy, what the other channel is. */
function readScales(bits: Bits, books: Uint8Array, gain: number): number[] {
  const scales = Array.from(books, () => 0);
  let [own, noise, copy] = [gain, gain - NOISE_BELOW, 0];
  let isFirstNoise = true;
  for (let at = 0; at < books.length; at += 1) {
    const book = books[at] ?? ZERO_BOOK;
    if (book === ZERO_BOOK) continue;
    if (book === NOISE_BOOK) {
      noise += isFirstNoise ? bits.unsigned(9) : readEntry(SCALE_BOOK, bits) - 60;
      isFirstNoise = false;
      scales[at] = 2 ** (Math.max(-MOST_GAIN, Math.min(MOST_GAIN, noise)) / 4);
      continue;
    }
    const step = readEntry(SCALE_BOOK, bits) - 60;
    if (book > NOISE_BOOK) {
      copy += step;
      scales[at] = 2 ** (-Math.max(-MOST_GAIN, Math.min(MOST_GAIN, copy)) / 4);
      continue;
    }
    own += step;
    if (own < 0 || own > MOST_GAIN) throw new RangeError('a scale factor that AAC has not');
    scales[at] = 2 ** ((own - FLAT_GAIN) / 4);
  }
  return scales;
}

/** Single values that are larger than their book has them: where, and by how much. */
type Pulses = readonly (readonly [at: number, more: number])[];

function readPulses(bits: Bits, { isShort, bands }: Layout): Pulses {
  if (bits.unsigned(1) === 0) return [];
  if (isShort) throw new RangeError('pulses in short windows of AAC');
  const count = bits.unsigned(2) + 1;
  let at = bands.edges[bits.unsigned(6)] ?? LONG_LINES;
  return Array.from({ length: count }, () => {
    at += bits.unsigned(5);
    const more = bits.unsigned(4);
    if (at >= LONG_LINES) throw new RangeError('a pulse past the last frequency of AAC');
    return [at, more] as const;
  });
}

const MOST_ORDER = 20;

function readFilters(bits: Bits, { isShort }: Layout): Filter[][] {
  if (bits.unsigned(1) === 0) return [];
  const [countBits, lengthBits, orderBits] = isShort ? [1, 4, 3] : [2, 6, 5];
  return Array.from({ length: isShort ? 8 : 1 }, () => {
    const count = bits.unsigned(countBits);
    const resolution = count > 0 ? bits.unsigned(1) + 3 : 0;
    return Array.from({ length: count }, (): Filter => {
      const [length, order] = [bits.unsigned(lengthBits), bits.unsigned(orderBits)];
      if (order > MOST_ORDER) throw new RangeError('a filter that AAC has not');
      if (order === 0) return { length, isDownwards: false, reflections: [] };
      const isDownwards = bits.unsigned(1) === 1;
      const size = resolution - bits.unsigned(1);
      const half = 2 ** (resolution - 1);
      const reflections = Array.from({ length: order }, () => {
        const value = bits.signed(size);
        return Math.sin((value * Math.PI) / 2 / (value < 0 ? half + 0.5 : half - 0.5));
      });
      return { length, isDownwards, reflections };
    });
  });
}

/** A value that is 16 or more: as many ones as it has bits above four, a zero, and its bits below the highest. */
function readEscape(bits: Bits): number {
  const ones = Math.clz32(~(bits.peek(9) << 23));
  if (ones > 8) throw new RangeError('a value that AAC has not');
  bits.skip(ones + 1);
  return 2 ** (ones + 4) + bits.unsigned(ones + 4);
}

const ESCAPE_BOOK = 11;
const ESCAPE = 16;

/** Reads the values from one place up to another. */
function readValues(
  bits: Bits,
  book: SpectralBook,
  canEscape: boolean,
  lines: Float64Array,
  from: number,
  to: number,
): void {
  const { dimensions, values, isUnsigned } = book;
  for (let at = from; at < to; at += dimensions) {
    const entry = readEntry(book, bits) * dimensions;
    for (let n = 0; n < dimensions; n += 1) {
      const value = values[entry + n] ?? 0;
      lines[at + n] = isUnsigned && value !== 0 && bits.bit() === 1 ? -value : value;
    }
    if (!canEscape) continue;
    for (let n = at; n < at + dimensions; n += 1) {
      const value = lines[n] ?? 0;
      if (value === ESCAPE) lines[n] = readEscape(bits);
      else if (value === -ESCAPE) lines[n] = -readEscape(bits);
    }
  }
}

/** Values to the power of 4/3, up to the largest that can be coded, and a pulse on it. */
const POWERS = Float64Array.from({ length: 8192 + 4 * 16 }, (_, value) => Math.cbrt(value) * value);

function scaleUp(lines: Float64Array, scale: number, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    const value = lines[at] ?? 0;
    if (value > 0) lines[at] = (POWERS[value] ?? 0) * scale;
    else if (value < 0) lines[at] = -(POWERS[-value] ?? 0) * scale;
  }
}

/** What is done for each band of each window that is in the bits, in their order. */
export function eachBand(
  { groups, used, bands }: Layout,
  visit: (index: number, from: number, to: number) => void,
): void {
  let first = 0;
  for (let group = 0; group < groups.length; group += 1) {
    const windows = groups[group] ?? 0;
    for (let band = 0; band < used; band += 1) {
      for (let window = first; window < first + windows; window += 1) {
        const start = window * SHORT_LINES;
        visit(group * used + band, start + (bands.edges[band] ?? 0), start + (bands.edges[band + 1] ?? 0));
      }
    }
    first += windows;
  }
}

/**
 * Reads a channel.
 * @param shared the windows of a pair that has them in common; null where the channel has its own.
 * @param lines where the frequencies are put: as many as a frame has.
 * @throws RangeError for bits that cannot be right.
 */
export function readChannel(bits: Bits, rateIndex: number, shared: Layout | null, lines: Float64Array): Channel {
  const gain = bits.unsigned(8);
  const layout = shared ?? readLayout(bits, rateIndex);
  const books = readBooks(bits, layout);
  const scales = readScales(bits, books, gain);
  const pulses = readPulses(bits, layout);
  const filters = readFilters(bits, layout);
  if (bits.unsigned(1) === 1) throw new RangeError('a control of gain that AAC-LC has not');
  lines.fill(0);
  eachBand(layout, (index, from, to) => {
    const number = books[index] ?? ZERO_BOOK;
    const book = SPECTRAL_BOOKS[number - 1];
    if (book !== undefined) readValues(bits, book, number === ESCAPE_BOOK, lines, from, to);
  });
  for (const [at, more] of pulses) {
    const value = lines[at] ?? 0;
    lines[at] = value > 0 ? value + more : value - more;
  }
  eachBand(layout, (index, from, to) => {
    const number = books[index] ?? ZERO_BOOK;
    if (number > ZERO_BOOK && number <= ESCAPE_BOOK) scaleUp(lines, scales[index] ?? 0, from, to);
  });
  return { layout, books, scales, lines, filters };
}
