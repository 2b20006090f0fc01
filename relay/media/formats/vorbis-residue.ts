/** What the curves of a packet of Vorbis are multiplied with (Vorbis I, 8), and its channels taken apart (1.3.3). */
import { EndOfBits, type BitsFromLow } from './bits-from-low.ts';
import { readCode } from './vorbis-codes.ts';
import type { Mode, Residue, VorbisSetup } from './vorbis-setup.ts';

const PASSES = 8;

/** Adds what is coded to the vectors. The end of the packet throws, and leaves what was read. */
function addCoded(bits: BitsFromLow, residue: Residue, setup: VorbisSetup, vectors: readonly Float32Array[]): void {
  const length = vectors[0]?.length ?? 0;
  const [from, to] = [Math.min(residue.begin, length), Math.min(residue.end, length)];
  const parts = Math.floor(Math.max(0, to - from) / residue.size);
  if (parts === 0) return;
  const sorter = setup.book(residue.classBook);
  const classes = vectors.map(() => new Uint8Array(parts));
  for (let pass = 0; pass < PASSES; pass += 1) {
    const books = residue.books.map((own) => ((own[pass] ?? -1) < 0 ? null : setup.book(own[pass] ?? -1)));
    for (let part = 0; part < parts;) {
      if (pass === 0) {
        for (const own of classes) {
          let value = readCode(sorter.tree, bits);
          for (let n = sorter.dimensions - 1; n >= 0; n -= 1) {
            if (part + n < parts) own[part + n] = value % residue.classes;
            value = Math.floor(value / residue.classes);
          }
        }
      }
      for (let n = 0; n < sorter.dimensions && part < parts; n += 1, part += 1) {
        for (let vector = 0; vector < vectors.length; vector += 1) {
          const [own, into] = [classes[vector], vectors[vector]];
          const book = books[own?.[part] ?? 0] ?? null;
          if (book !== null && into) addPart(bits, residue, book, into, from + part * residue.size);
        }
      }
    }
  }
}

function addPart(
  bits: BitsFromLow,
  { type, size }: Residue,
  { add, tree, dimensions }: ReturnType<VorbisSetup['book']>,
  into: Float32Array,
  at: number,
): void {
  if (add === null) throw new RangeError('a book of Vorbis without values');
  if (type === 0) {
    const apart = Math.floor(size / dimensions);
    for (let n = 0; n < apart; n += 1) add(readCode(tree, bits), into, at + n, apart, dimensions);
  } else for (let n = 0; n < size; n += dimensions) add(readCode(tree, bits), into, at + n, 1, size - n);
}

/** The channels of one part of the mapping. */
function readPart(
  bits: BitsFromLow,
  residue: Residue,
  setup: VorbisSetup,
  channels: readonly Float32Array[],
  isHeard: readonly boolean[],
): void {
  if (residue.type !== 2) {
    addCoded(
      bits,
      residue,
      setup,
      channels.filter((_, n) => isHeard[n]),
    );
    return;
  }
  if (!isHeard.includes(true)) return;
  // Type 2: all channels in one vector, by turns.
  const all = new Float32Array((channels[0]?.length ?? 0) * channels.length);
  try {
    addCoded(bits, residue, setup, [all]);
  } finally {
    for (const [n, channel] of channels.entries()) {
      for (let at = 0; at < channel.length; at += 1) channel[at] = all[at * channels.length + n] ?? 0;
    }
  }
}

/** Takes apart a pair that was written as the louder one and the difference. */
export function takeApart(loud: Float32Array, other: Float32Array): void {
  for (let at = 0; at < loud.length; at += 1) {
    const m = loud[at] ?? 0;
    const a = other[at] ?? 0;
    const moved = m > 0 === a > 0 ? m - a : m + a;
    loud[at] = a > 0 ? m : moved;
    other[at] = a > 0 ? moved : m;
  }
}

/**
 * The values of each channel, `half` of them, before they are scaled.
 * @param hasCurve of each channel
 */
export function readResidues(
  bits: BitsFromLow,
  { mapping, residues }: Mode,
  setup: VorbisSetup,
  half: number,
  hasCurve: readonly boolean[],
): Float32Array[] {
  const channels = hasCurve.map(() => new Float32Array(half));
  const isHeard = [...hasCurve];
  for (const [one, other] of mapping.coupled) {
    if (isHeard[one] !== true && isHeard[other] !== true) continue;
    isHeard[one] = true;
    isHeard[other] = true;
  }
  try {
    for (const [part, residue] of residues.entries()) {
      const own = mapping.own.flatMap((of, channel) => (of === part ? [channel] : []));
      const vectors = own.flatMap((channel) => channels[channel] ?? []);
      readPart(
        bits,
        residue,
        setup,
        vectors,
        own.map((channel) => isHeard[channel] === true),
      );
    }
  } catch (error) {
    // A packet may be cut: what was read is what is heard.
    if (!(error instanceof EndOfBits)) throw error;
  }
  for (const [one, other] of mapping.coupled.toReversed()) {
    const [loud, rest] = [channels[one], channels[other]];
    if (loud && rest) takeApart(loud, rest);
  }
  return channels;
}
