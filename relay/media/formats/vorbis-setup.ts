/** The third header of Vorbis (Vorbis I, 4.2.4), as far as the loudness of its packets needs it. */
import { BitsFromLow } from './bits-from-low.ts';
import { codeTree, type CodeTree } from './vorbis-codes.ts';

/** Entries of all code books, and bytes of the header: real ones have some thousands of each. */
const MOST_ENTRIES = 262_144;
const MOST_BYTES = 1024 * 1024;
/** Points of a curve, by the specification. */
const MOST_POINTS = 65;

interface PartitionClass {
  dimensions: number;
  subclasses: number;
  master: number;
  books: readonly number[];
}

/** A curve of loudness over frequency: floor of type 1. */
export interface Floor {
  partitions: readonly PartitionClass[];
  multiplier: number;
  /** Places of its points, from 0 to the end of the half block. */
  places: readonly number[];
}

/** A code book: what its entries stand for. */
export interface Book {
  dimensions: number;
  entries: number;
  lengths: Uint8Array;
  /** Adds the values of an entry to the samples at a place on, `step` apart, `most` of them at most. */
  add: ((entry: number, into: Float32Array, at: number, step: number, most: number) => void) | null;
}

/** How what is scaled by the curves is coded. */
export interface Residue {
  type: number;
  begin: number;
  end: number;
  size: number;
  classes: number;
  classBook: number;
  /** Books by class and pass; -1 for none. */
  books: readonly (readonly number[])[];
}

interface Mapping {
  /** Pairs of channels: loudness and difference. */
  coupled: readonly (readonly [number, number])[];
  /** The part that each channel belongs to. */
  own: readonly number[];
  parts: readonly { floor: number; residue: number }[];
}

export interface Mode {
  isLong: boolean;
  floors: readonly Floor[];
  residues: readonly Residue[];
  mapping: Mapping;
}

export interface VorbisSetup {
  channels: number;
  rate: number;
  /** Samples of a short and of a long block. */
  blocks: readonly [number, number];
  /** A book and its code. Throws where there is none of this number. */
  book(number: number): Book & { tree: CodeTree };
  modes: readonly Mode[];
}

/** Bits that a number up to this one takes. */
export const bitsOf = (most: number): number => 32 - Math.clz32(most);

/** How many values each dimension of a book has: the largest whole number whose power is no more than its entries. */
function valuesOf(entries: number, dimensions: number): number {
  let values = Math.max(1, Math.floor(entries ** (1 / dimensions)));
  while ((values + 1) ** dimensions <= entries) values += 1;
  while (values > 1 && values ** dimensions > entries) values -= 1;
  return values;
}

/** The lengths of a book's codes; 0 for an entry without one. */
function readLengths(bits: BitsFromLow, entries: number): Uint8Array {
  const lengths = new Uint8Array(entries);
  if (bits.unsigned(1) === 1) {
    let length = bits.unsigned(5) + 1;
    for (let at = 0; at < entries; length += 1) {
      const count = bits.unsigned(bitsOf(entries - at));
      if (at + count > entries || length > 32) throw new RangeError('a book of Vorbis has too many codes');
      lengths.fill(length, at, at + count);
      at += count;
    }
    return lengths;
  }
  const isSparse = bits.unsigned(1) === 1;
  for (let at = 0; at < entries; at += 1) {
    if (!isSparse || bits.unsigned(1) === 1) lengths[at] = bits.unsigned(5) + 1;
  }
  return lengths;
}

/** A number as Vorbis writes it: a sign, ten bits of exponent, and 21 of mantissa. */
function readFloat(bits: BitsFromLow): number {
  const value = bits.unsigned(32);
  const mantissa = value % 2 ** 21;
  return (value >= 2 ** 31 ? -mantissa : mantissa) * 2 ** ((Math.floor(value / 2 ** 21) % 1024) - 788);
}

function readValues(bits: BitsFromLow, type: number, entries: number, dimensions: number): Book['add'] {
  if (type === 0) return null;
  if (type > 2) throw new RangeError('a book of Vorbis of an unknown kind');
  const [least, step, size] = [readFloat(bits), readFloat(bits), bits.unsigned(4) + 1];
  const isSequence = bits.unsigned(1) === 1;
  const radix = valuesOf(entries, dimensions);
  const count = type === 1 ? radix : entries * dimensions;
  if (count * size > MOST_BYTES * 8) throw new RangeError('past the end');
  const values = Float32Array.from({ length: count }, () => bits.unsigned(size) * step + least);
  return (entry, into, at, apart, most) => {
    let [rest, last] = [entry, 0];
    for (let n = 0; n < Math.min(dimensions, most); n += 1) {
      const value = (values[type === 1 ? rest % radix : entry * dimensions + n] ?? 0) + last;
      rest = Math.floor(rest / radix);
      if (isSequence) last = value;
      into[at + n * apart] = (into[at + n * apart] ?? 0) + value;
    }
  };
}

function readBook(bits: BitsFromLow): Book {
  if (bits.unsigned(24) !== 0x564342) throw new RangeError('no book of Vorbis');
  const [dimensions, entries] = [bits.unsigned(16), bits.unsigned(24)];
  if (entries > MOST_ENTRIES || dimensions === 0) throw new RangeError('a book of Vorbis is too large');
  const lengths = readLengths(bits, entries);
  return { dimensions, entries, lengths, add: readValues(bits, bits.unsigned(4), entries, dimensions) };
}

/** Null for a floor of type 0, which no encoder of the last twenty years writes. */
function readFloor(bits: BitsFromLow): Floor | null {
  const type = bits.unsigned(16);
  if (type === 0) return null;
  if (type > 1) throw new RangeError('a floor of Vorbis of an unknown kind');
  const numbers = Array.from({ length: bits.unsigned(5) }, () => bits.unsigned(4));
  const classes = Array.from({ length: Math.max(-1, ...numbers) + 1 }, (): PartitionClass => {
    const [dimensions, subclasses] = [bits.unsigned(3) + 1, bits.unsigned(2)];
    const master = subclasses > 0 ? bits.unsigned(8) : -1;
    return {
      dimensions,
      subclasses,
      master,
      books: Array.from({ length: 2 ** subclasses }, () => bits.unsigned(8) - 1),
    };
  });
  const [multiplier, range] = [bits.unsigned(2) + 1, bits.unsigned(4)];
  const partitions = numbers.flatMap((number) => classes[number] ?? []);
  const count = partitions.reduce((sum, { dimensions }) => sum + dimensions, 0);
  const places = [0, 2 ** range, ...Array.from({ length: count }, () => bits.unsigned(range))];
  if (places.length > MOST_POINTS || new Set(places).size < places.length)
    throw new RangeError('a floor of Vorbis that cannot be');
  return { partitions, multiplier, places };
}

function readResidue(bits: BitsFromLow): Residue {
  const type = bits.unsigned(16);
  if (type > 2) throw new RangeError('a residue of Vorbis of an unknown kind');
  const [begin, end, size] = [bits.unsigned(24), bits.unsigned(24), bits.unsigned(24) + 1];
  const [classes, classBook] = [bits.unsigned(6) + 1, bits.unsigned(8)];
  const used = Array.from({ length: classes }, () => {
    const low = bits.unsigned(3);
    return low + (bits.unsigned(1) === 1 ? bits.unsigned(5) * 8 : 0);
  });
  const books = used.map((passes) =>
    Array.from({ length: 8 }, (_, pass) => (((passes >> pass) & 1) === 1 ? bits.unsigned(8) : -1)),
  );
  return { type, begin, end, size, classes, classBook, books };
}

function readMapping(bits: BitsFromLow, channels: number): Mapping {
  if (bits.unsigned(16) !== 0) throw new RangeError('a mapping of Vorbis of an unknown kind');
  const count = bits.unsigned(1) === 1 ? bits.unsigned(4) + 1 : 1;
  const steps = bits.unsigned(1) === 1 ? bits.unsigned(8) + 1 : 0;
  const size = bitsOf(channels - 1);
  const coupled = Array.from({ length: steps }, () => [bits.unsigned(size), bits.unsigned(size)] as const);
  bits.skip(2);
  const own = Array.from({ length: channels }, () => (count > 1 ? bits.unsigned(4) : 0));
  const parts = Array.from({ length: count }, () => {
    bits.skip(8);
    return { floor: bits.unsigned(8), residue: bits.unsigned(8) };
  });
  const isWrong = coupled.some(([one, other]) => one === other || one >= channels || other >= channels);
  if (isWrong || own.some((part) => part >= count)) throw new RangeError('a mapping of Vorbis that cannot be');
  return { coupled, own, parts };
}

const isHeader = (packet: Buffer, type: number): boolean =>
  packet[0] === type && packet.toString('latin1', 1, 7) === 'vorbis';

/** True for the first packet of a stream of Vorbis. */
export const isVorbis = (first: Uint8Array): boolean => isHeader(Buffer.from(first.subarray(0, 7)), 1);

/** Null where a curve is of a kind that is not read here. */
function modeOf(
  isLong: boolean,
  mapping: Mapping | undefined,
  floors: readonly (Floor | null)[],
  residues: readonly Residue[],
): Mode | null {
  const own = mapping?.parts.flatMap(({ floor }) => floors[floor] ?? []) ?? [];
  const rest = mapping?.parts.flatMap(({ residue }) => residues[residue] ?? []) ?? [];
  const isWhole = mapping?.parts.every(({ floor }) => floors[floor] !== undefined) === true;
  if (!isWhole || rest.length < mapping.parts.length) throw new RangeError('a mode of Vorbis without its parts');
  return own.length < mapping.parts.length ? null : { isLong, mapping, floors: own, residues: rest };
}

/**
 * Reads the first and the third packet of a stream.
 * @returns null for a kind that is not read here.
 * @throws RangeError for headers that cannot be right.
 */
export function vorbisSetup(first: Buffer, third: Buffer): VorbisSetup | null {
  if (!isHeader(first, 1) || first.length < 30 || !isHeader(third, 5)) return null;
  const [channels, rate, sizes] = [first.readUInt8(11), first.readUInt32LE(12), first.readUInt8(28)];
  const blocks = [2 ** (sizes & 15), 2 ** (sizes >> 4)] as const;
  if (third.length > MOST_BYTES || first.readUInt32LE(7) !== 0 || channels < 1 || channels > 8 || rate < 1) return null;
  if (blocks[0] < 64 || blocks[1] > 8192 || blocks[0] > blocks[1])
    throw new RangeError('blocks of Vorbis that cannot be');
  const bits = new BitsFromLow(third, 7);
  const many = <T>(length: number, one: () => T): T[] => Array.from({ length }, one);
  const books = many(bits.unsigned(8) + 1, () => readBook(bits));
  if (books.reduce((sum, { entries }) => sum + entries, 0) > MOST_ENTRIES)
    throw new RangeError('the books of Vorbis are too large');
  many(bits.unsigned(6) + 1, () => bits.skip(16));
  const floors = many(bits.unsigned(6) + 1, () => readFloor(bits));
  const residues = many(bits.unsigned(6) + 1, () => readResidue(bits));
  const mappings = many(bits.unsigned(6) + 1, () => readMapping(bits, channels));
  const modes = many(bits.unsigned(6) + 1, () => {
    const isLong = bits.unsigned(1) === 1;
    bits.skip(32);
    return modeOf(isLong, mappings[bits.unsigned(8)], floors, residues);
  });
  const isRead = (mode: Mode | null): mode is Mode => mode !== null;
  if (!modes.every(isRead)) return null;
  const ready = new Map<number, Book & { tree: CodeTree }>();
  return {
    ...{ channels, rate, blocks, modes },
    book(number) {
      const known = ready.get(number);
      if (known !== undefined) return known;
      const book = books[number];
      if (book === undefined) throw new RangeError('no such book of Vorbis');
      const made = { ...book, tree: codeTree(book.lengths) };
      ready.set(number, made);
      return made;
    },
  };
}
