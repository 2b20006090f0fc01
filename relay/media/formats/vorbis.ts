/**
 * Loudness of Ogg Vorbis, by the power of its packets: they are decoded as far as their frequencies, which have the same
 * power as the samples, and are never turned into those.
 */
import { LEVELS_PER_SECOND, type Levels } from '#contract/model/levels.ts';
import { oggPackets } from '#contract/model/ogg-packets.ts';
import { BitsFromLow, EndOfBits } from './bits-from-low.ts';
import type { Bytes } from './bytes.ts';
import { readCurve } from './vorbis-floor.ts';
import { readResidues } from './vorbis-residue.ts';
import { bitsOf, isVorbis, vorbisSetup, type Mode, type VorbisSetup } from './vorbis-setup.ts';

/** Packets between two looks at the clock. */
const LOOK_EVERY = 20;

/** The curve of each channel; all are silent in a packet that ends before them. */
function readCurves(bits: BitsFromLow, mode: Mode, setup: VorbisSetup, half: number): (Float32Array | null)[] {
  try {
    return mode.mapping.own.map((part) => readCurve(bits, mode.floors[part], setup, half));
  } catch (error) {
    if (!(error instanceof EndOfBits)) throw error;
    return mode.mapping.own.map(() => null);
  }
}

/** Samples that a packet's block has, and the power of its loudest channel; null for a packet that is no sound. */
function measure(packet: Buffer, setup: VorbisSetup): { block: number; power: number } | null {
  const bits = new BitsFromLow(packet);
  if (packet.length === 0 || bits.unsigned(1) === 1) return null;
  const mode = setup.modes[bits.unsigned(bitsOf(setup.modes.length - 1))];
  if (mode === undefined) throw new RangeError('a packet of Vorbis of no mode');
  if (mode.isLong) bits.skip(2);
  const block = setup.blocks[mode.isLong ? 1 : 0];
  const curves = readCurves(bits, mode, setup, block / 2);
  const channels = readResidues(
    bits,
    mode,
    setup,
    block / 2,
    curves.map((curve) => curve !== null),
  );
  const powers = channels.map((values, channel) => {
    const curve = curves[channel] ?? null;
    let sum = 0;
    for (let at = 0; curve !== null && at < values.length; at += 1) sum += ((values[at] ?? 0) * (curve[at] ?? 0)) ** 2;
    return sum;
  });
  if (!powers.every(Number.isFinite)) throw new RangeError('a packet of Vorbis is louder than any sound');
  return { block, power: Math.max(...powers) };
}

/**
 * Adds the loudness of all packets; the loudest channel counts.
 * @param isLate looked at now and then: true gives up.
 * @returns false when it was given up, and for what is not Ogg Vorbis, or of a kind that is not read here.
 * @throws RangeError for a file that is not what its begin says.
 */
export async function addVorbisLevels(bytes: Bytes, levels: Levels, isLate: () => boolean): Promise<boolean> {
  const packets = oggPackets(bytes, isVorbis);
  const heads: Buffer[] = [];
  let setup: VorbisSetup | null = null;
  let before: { block: number; power: number } | null = null;
  let [number, loudest, count, step] = [0, 0, 0, 0];
  for await (const packet of packets) {
    if (setup === null) {
      // Each lasts until the next one is taken.
      heads.push(Buffer.from(packet));
      const [first, , third] = heads;
      if (first === undefined || third === undefined) continue;
      setup = vorbisSetup(first, third);
      if (setup === null) return false;
      step = setup.rate / LEVELS_PER_SECOND;
      continue;
    }
    number += 1;
    if (number % LOOK_EVERY === 0 && isLate()) return false;
    const found = measure(Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength), setup);
    if (found === null) continue;
    const last = before;
    before = found;
    // What is heard is where two blocks overlap.
    if (last === null) continue;
    const samples = (last.block + found.block) / 4;
    const level = Math.sqrt((last.power + found.power) / 2);
    loudest = Math.max(loudest, level);
    for (count += samples; count >= step; count -= step) {
      levels.add(loudest);
      loudest = level;
    }
  }
  if (count > 0) levels.add(loudest);
  return setup !== null;
}
