/** Frames of AAC-LC (ISO/IEC 14496-3, 4.4.2.1): the channels in them, and what is between those. */
import { LONG_LINES } from './aac-bands.ts';
import { readChannel, readLayout, type Channel, type Layout } from './aac-channel.ts';
import { addNoise, separate, shapeNoise, type Mask } from './aac-spectrum.ts';
import { Synthesis } from './aac-synthesis.ts';
import type { Bits } from './bits.ts';

/** What a frame is made of, by its three bits. */
const ELEMENTS = { single: 0, pair: 1, coupling: 2, low: 3, data: 4, program: 5, fill: 6, end: 7 } as const;
/** Elements of a frame: 48 channels may be in one, and something beside each. */
const MOST_ELEMENTS = 128;

function readMask(bits: Bits, { groups, used }: Layout): Mask | null {
  const kind = bits.unsigned(2);
  if (kind === 3) throw new RangeError('a mask that AAC has not');
  if (kind === 0) return null;
  const joined = new Uint8Array(groups.length * used).fill(1);
  return { joined: kind === 1 ? joined.map(() => bits.bit()) : joined, isByBand: kind === 1 };
}

function skipData(bits: Bits): void {
  bits.skip(4);
  const isAligned = bits.unsigned(1) === 1;
  const count = bits.unsigned(8);
  const more = count === 255 ? bits.unsigned(8) : 0;
  if (isAligned) bits.align();
  bits.skip((count + more) * 8);
}

/** Skips what the channels are: here all of them count. */
function skipProgram(bits: Bits): void {
  bits.skip(4 + 2 + 4);
  const [front, side, back, low] = [bits.unsigned(4), bits.unsigned(4), bits.unsigned(4), bits.unsigned(2)];
  const [data, coupled] = [bits.unsigned(3), bits.unsigned(4)];
  for (const size of [4, 4, 3]) if (bits.unsigned(1) === 1) bits.skip(size);
  bits.skip((front + side + back + coupled) * 5 + (low + data) * 4);
  bits.align();
  bits.skip(bits.unsigned(8) * 8);
}

/** Skips what goes beyond AAC-LC too: the upper frequencies of HE-AAC, and its second channel. */
function skipFill(bits: Bits): void {
  const count = bits.unsigned(4);
  bits.skip((count === 15 ? 14 + bits.unsigned(8) : count) * 8);
}

/** Decodes the frames of one stream, one after the other. */
export class AacDecoder {
  readonly #rateIndex: number;
  /** By element and its tag. */
  readonly #voices = new Map<string, Synthesis>();
  readonly #loudest = new Float64Array(LONG_LINES);
  /** Frequencies of the channels at hand: new arrays for each of them are a burden on memory. */
  readonly #left = new Float64Array(LONG_LINES);
  readonly #right = new Float64Array(LONG_LINES);
  #seed = 1;

  /** @param rateIndex an index of `RATES`. */
  constructor(rateIndex: number) {
    this.#rateIndex = rateIndex;
  }

  /**
   * Decodes a frame. A frame that is damaged leaves no trace in the ones after it.
   * @returns for each sample that of the loudest channel, without its sign; it lasts until the next frame.
   * @throws RangeError for bits that cannot be right, and for what AAC-LC has not.
   */
  decode(bits: Bits): Float64Array {
    this.#loudest.fill(0);
    try {
      this.#readElements(bits);
    } catch (error) {
      this.#voices.clear();
      throw error;
    }
    return this.#loudest;
  }

  #readElements(bits: Bits): void {
    for (let count = 0; count < MOST_ELEMENTS; count += 1) {
      const element = bits.unsigned(3);
      switch (element) {
        case ELEMENTS.single:
        case ELEMENTS.low:
          this.#sound(`${element} ${bits.unsigned(4)}`, readChannel(bits, this.#rateIndex, null, this.#left));
          break;
        case ELEMENTS.pair:
          this.#readPair(bits);
          break;
        case ELEMENTS.data:
          skipData(bits);
          break;
        case ELEMENTS.program:
          skipProgram(bits);
          break;
        case ELEMENTS.fill:
          skipFill(bits);
          break;
        case ELEMENTS.end:
          return;
        default:
          throw new RangeError('a coupling of channels, which is not read here');
      }
    }
    throw new RangeError('more elements than a frame of AAC has');
  }

  #readPair(bits: Bits): void {
    const tag = bits.unsigned(4);
    const shared = bits.unsigned(1) === 1 ? readLayout(bits, this.#rateIndex) : null;
    const mask = shared && readMask(bits, shared);
    const left = readChannel(bits, this.#rateIndex, shared, this.#left);
    const right = readChannel(bits, this.#rateIndex, shared, this.#right);
    if (shared !== null) separate(left, right, mask);
    this.#sound(`left ${tag}`, left);
    this.#sound(`right ${tag}`, right);
  }

  readonly #random = (): number => {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) | 0;
    return this.#seed / 2 ** 31;
  };

  #sound(key: string, channel: Channel): void {
    addNoise(channel, this.#random);
    shapeNoise(channel);
    const voice = this.#voices.get(key) ?? new Synthesis();
    this.#voices.set(key, voice);
    const samples = voice.add(channel.lines, channel.layout);
    const loudest = this.#loudest;
    for (let at = 0; at < LONG_LINES; at += 1) {
      const sample = Math.abs(samples[at] ?? 0);
      if (sample > (loudest[at] ?? 0)) loudest[at] = sample;
    }
  }
}
