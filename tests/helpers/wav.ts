/** Sound made by hand: a WAV file in which every moment can be told from every other. */

const SAMPLE_RATE = 8000;
const HEADER_BYTES = 44;

export interface Wav {
  bytes: Buffer;
  seconds: number;
  /** The place of a moment in the file. @param at seconds from the begin. */
  offsetOf(at: number): number;
}

/** Samples of one half of the wave: 400 Hz, which survives whatever rate it is played at. */
const HALF_WAVE = 10;

/** How loud a second of the file is, of 1: by the last two digits of its number. */
export function loudnessAt(second: number): number {
  return (Math.floor(second) % 100) / 128;
}

/** A mono file of 8-bit samples: a square wave, each second as loud as `loudnessAt` says. */
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
    const side = Math.floor(sample / HALF_WAVE) % 2 === 0 ? 1 : -1;
    bytes[HEADER_BYTES + sample] = 128 + side * 128 * loudnessAt(sample / SAMPLE_RATE);
  }
  return { bytes, seconds, offsetOf: (at) => HEADER_BYTES + Math.round(at * SAMPLE_RATE) };
}
