/** Sound made by hand: a WAV file in which every moment can be told from every other. */

const SAMPLE_RATE = 8000;
const HEADER_BYTES = 44;

export interface Wav {
  bytes: Buffer;
  seconds: number;
  /** The place of a moment in the file. @param at seconds from the begin. */
  offsetOf(at: number): number;
}

/** A mono file of 8-bit samples; each second is as loud as its own number. */
export function makeWav(seconds: number): Wav {
  const samples = Math.round(seconds * SAMPLE_RATE);
  const bytes = Buffer.alloc(HEADER_BYTES + samples);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  // PCM, one channel, 8 bits.
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(SAMPLE_RATE, 24);
  bytes.writeUInt32LE(SAMPLE_RATE, 28);
  bytes.writeUInt16LE(1, 32);
  bytes.writeUInt16LE(8, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples, 40);
  for (let sample = 0; sample < samples; sample++) {
    bytes[HEADER_BYTES + sample] = 128 + (Math.floor(sample / SAMPLE_RATE) % 100) * (sample % 2 === 0 ? 1 : -1);
  }
  return { bytes, seconds, offsetOf: (at) => HEADER_BYTES + Math.round(at * SAMPLE_RATE) };
}
