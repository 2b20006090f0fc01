/** Bits of AAC, written one after the other. */
import type { CodeBook } from '../../relay/media/formats/aac-codes.ts';

/** The lowest bits of a number, the most significant first. */
export const bitsOf = (value: number, count: number): string => value.toString(2).padStart(count, '0').slice(-count);

/** The code of an entry of a book. */
export function codeOf({ counts, order }: CodeBook, entry: number): string {
  let [code, place] = [0, 0];
  for (const [n, count] of counts.entries()) {
    code *= 2;
    const own = order.indexOf(entry, place) - place;
    if (own >= 0 && own < count) return bitsOf(code + own, n + 1);
    code += count;
    place += count;
  }
  throw new Error('no such entry');
}

/** Whole bytes of bits; the last one is filled up with zeros. */
export function bytesOfBits(bits: string): Buffer {
  const whole = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  return Buffer.from(whole.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
}

/** Frames of ADTS for AAC-LC. @param rateIndex of the sampling rate. */
export function adtsFile(packets: readonly Buffer[], rateIndex: number, channels = 2): Buffer {
  return Buffer.concat(
    packets.flatMap((packet) => {
      const head = `${'1'.repeat(12)}0001${bitsOf(1, 2)}${bitsOf(rateIndex, 4)}0${bitsOf(channels, 3)}0000`;
      return [bytesOfBits(`${head}${bitsOf(packet.length + 7, 13)}${'1'.repeat(11)}00`), packet];
    }),
  );
}
