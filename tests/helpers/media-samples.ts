/** Pictures, sounds and videos made by code, each as small as the test of it allows. */
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** A picture of one colour with a darker corner at the top left. */
function plain(width: number, height: number): Sharp {
  const corner = {
    create: { width: Math.ceil(width / 4), height: Math.ceil(height / 4), channels: 3 as const, background: '#113' },
  };
  return sharp({ create: { width, height, channels: 3, background: '#c93' } }).composite([
    { input: corner, left: 0, top: 0 },
  ]);
}

/** @param orientation as EXIF counts them: 6 is a quarter turn. */
export function jpeg(width: number, height: number, orientation?: number): Promise<Buffer> {
  const picture = plain(width, height);
  return (orientation === undefined ? picture : picture.withMetadata({ orientation })).jpeg().toBuffer();
}

export const png = (width: number, height: number): Promise<Buffer> => plain(width, height).png().toBuffer();
export const webp = (width: number, height: number): Promise<Buffer> => plain(width, height).webp().toBuffer();
export const avif = (width: number, height: number): Promise<Buffer> =>
  plain(width, height).avif({ effort: 0 }).toBuffer();

/** Frames of noise, so that none is dropped. */
export async function animated(format: 'gif' | 'webp', frames: number): Promise<Buffer> {
  const size = 40;
  const raw = Buffer.alloc(size * size * 3 * frames);
  for (let n = 0; n < raw.length; n += 1) raw[n] = (n * 7919) % 251;
  return sharp(raw, { raw: { width: size, height: size * frames, channels: 3, pageHeight: size } })
    [format]()
    .toBuffer();
}

function pngChunk(name: string, body: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + body.length);
  chunk.writeUInt32BE(body.length, 0);
  chunk.write(name, 4, 'latin1');
  body.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + body.length)), 8 + body.length);
  return chunk;
}

/** A PNG of one bit per pixel, all black: some kilobytes that become gigabytes. @param animation marks it as APNG. */
export function pngBomb(size: number, animation = false): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc((Math.ceil(size / 8) + 1) * size), { level: 9 });
  const control = Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...(animation ? [pngChunk('acTL', control)] : []),
    pngChunk('IDAT', rows),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Samples of a tone that is silent, then half as loud as can be, then full, a third of the time each. */
export function steps(seconds: number, rate: number): number[] {
  return Array.from({ length: Math.round(seconds * rate) }, (_, n) => {
    const third = Math.floor((3 * n) / (seconds * rate));
    return (third / 2) * Math.sin((2 * Math.PI * 440 * n) / rate);
  });
}

/** A WAV file of one channel. */
export function wav(samples: readonly number[], rate: number, kind: 8 | 16 | 24 | 32 | 'float' = 16): Buffer {
  const bits = kind === 'float' ? 32 : kind;
  const width = bits / 8;
  const body = Buffer.alloc(samples.length * width);
  samples.forEach((sample, n) => {
    const full = Math.round(sample * (2 ** (bits - 1) - 1));
    if (kind === 'float') body.writeFloatLE(sample, n * 4);
    else if (kind === 8) body.writeUInt8(full + 128, n);
    else body.writeIntLE(full, n * width, width);
  });
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + body.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(kind === 'float' ? 3 : 1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * width, 28);
  head.writeUInt16LE(width, 32);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(body.length, 40);
  return Buffer.concat([head, body]);
}

/** Writes bits, the most significant first. */
class BitWriter {
  readonly #bits: number[] = [];

  put(value: number, count: number): this {
    for (let n = count - 1; n >= 0; n -= 1) this.#bits.push(Math.floor(value / 2 ** n) % 2);
    return this;
  }

  signed(value: number, count: number): this {
    return this.put(value < 0 ? value + 2 ** count : value, count);
  }

  /** A residual in Rice coding. */
  rice(value: number, parameter: number): this {
    const folded = value < 0 ? -2 * value - 1 : 2 * value;
    return this.put(0, Math.floor(folded / 2 ** parameter))
      .put(1, 1)
      .put(folded % 2 ** parameter, parameter);
  }

  bytes(): Buffer {
    while (this.#bits.length % 8 !== 0) this.#bits.push(0);
    const bytes = Buffer.alloc(this.#bits.length / 8);
    this.#bits.forEach((bit, n) => (bytes[n >> 3] = (bytes[n >> 3] ?? 0) | (bit << (7 - (n & 7)))));
    return bytes;
  }
}

export type FlacCoding = 'verbatim' | 'fixed' | 'lpc' | 'constant' | 'escaped';

/** One channel of a frame. `fixed` and `lpc` are the same predictor, written in the two ways there are. */
function flacSubframe(out: BitWriter, block: readonly number[], coding: FlacCoding, depth: number): void {
  const kinds = { constant: 0, verbatim: 1, fixed: 10, escaped: 9, lpc: 33 };
  out.put(0, 1).put(kinds[coding], 6).put(0, 1);
  if (coding === 'constant') {
    out.signed(block[0] ?? 0, depth);
    return;
  }
  if (coding === 'verbatim') {
    for (const sample of block) out.signed(sample, depth);
    return;
  }
  const weights = coding === 'escaped' ? [1] : [2, -1];
  for (const sample of block.slice(0, weights.length)) out.signed(sample, depth);
  if (coding === 'lpc') {
    out.put(4, 4).put(1, 5);
    for (const weight of weights) out.signed(weight * 2, 5);
  }
  const residuals = block
    .slice(weights.length)
    .map(
      (sample, n) =>
        sample - weights.reduce((sum, weight, k) => sum + weight * (block[n + weights.length - 1 - k] ?? 0), 0),
    );
  out.put(0, 2).put(0, 4);
  if (coding === 'escaped') {
    out.put(15, 4).put(depth + 1, 5);
    for (const residual of residuals) out.signed(residual, depth + 1);
  } else {
    out.put(8, 4);
    for (const residual of residuals) out.rice(residual, 8);
  }
}

const FLAC_BLOCK = 1024;

/** A FLAC file of 16 bits. With two channels the second is the difference to the first, as `side` says. */
export function flac(
  samples: readonly number[],
  rate: number,
  coding: FlacCoding,
  side?: 'left' | 'right' | 'middle',
): Buffer {
  const info = new BitWriter();
  info.put(FLAC_BLOCK, 16).put(FLAC_BLOCK, 16).put(0, 24).put(0, 24);
  info
    .put(rate, 20)
    .put(side ? 1 : 0, 3)
    .put(15, 5)
    .put(0, 4)
    .put(samples.length, 32);
  for (let n = 0; n < 16; n += 1) info.put(0, 8);
  const body = info.bytes();
  const frames: Buffer[] = [];
  const whole = samples.map((sample) => Math.round(sample * 32_767));
  for (let start = 0, number = 0; start < whole.length; start += FLAC_BLOCK, number += 1) {
    const block = whole.slice(start, start + FLAC_BLOCK);
    const out = new BitWriter();
    const assignment = side === 'left' ? 8 : side === 'right' ? 9 : side === 'middle' ? 10 : 0;
    out.put(0x7ffc, 15).put(0, 1).put(7, 4).put(0, 4).put(assignment, 4).put(4, 3).put(0, 1);
    out
      .put(number, 8)
      .put(block.length - 1, 16)
      .put(0, 8);
    const zeros = block.map(() => 0);
    // Both channels are the same, so that their difference is nothing.
    if (side === 'right') flacSubframe(out, zeros, coding, 17);
    flacSubframe(out, block, coding, 16);
    if (side === 'left' || side === 'middle') flacSubframe(out, zeros, coding, 17);
    frames.push(out.bytes(), Buffer.from([0, 0]));
  }
  return Buffer.concat([Buffer.from('fLaC'), Buffer.from([0x80, 0, 0, body.length]), body, ...frames]);
}

/** Frames of MPEG 1 layer III at 128 kbit/s, mono, without sound, each with the gain that is given for it. */
export function mp3(gains: readonly number[]): Buffer {
  return Buffer.concat(
    gains.map((gain) => {
      const out = new BitWriter();
      out.put(0x7ff, 11).put(3, 2).put(1, 2).put(1, 1);
      out.put(9, 4).put(0, 2).put(0, 1).put(0, 1).put(3, 2).put(0, 6);
      out.put(0, 9).put(0, 5).put(0, 4);
      for (let granule = 0; granule < 2; granule += 1)
        out
          .put(gain > 0 ? 100 : 0, 12)
          .put(0, 9)
          .put(gain, 8)
          .put(0, 30);
      return Buffer.concat([out.bytes(), Buffer.alloc(417)]).subarray(0, 417);
    }),
  );
}

/** A frame of an ID3v2.3 tag. @param encoding 0 is Latin 1, 1 is UTF-16 with a mark. */
function id3Frame(name: string, body: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.write(name, 0, 'latin1');
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

/** A text frame in UTF-16, or with the bytes as they are, which programs call Latin 1. */
export function id3Text(name: string, text: string | Buffer): Buffer {
  const encoded =
    typeof text === 'string'
      ? Buffer.concat([Buffer.from([1, 0xff, 0xfe]), Buffer.from(text, 'utf16le')])
      : Buffer.concat([Buffer.from([0]), text]);
  return id3Frame(name, encoded);
}

/** A word of the writer's own, by its name. */
export function id3Comment(name: string, text: string): Buffer {
  return id3Frame('TXXX', Buffer.concat([Buffer.from([0]), Buffer.from(`${name}\0${text}`, 'latin1')]));
}

/** A cover of a type that may lie. */
export function id3Cover(mimeType: string, picture: Buffer): Buffer {
  return id3Frame(
    'APIC',
    Buffer.concat([Buffer.from([0]), Buffer.from(`${mimeType}\0`, 'latin1'), Buffer.from([3, 0]), picture]),
  );
}

/** Frames as a tag in front of a file. */
export function tagged(frames: readonly Buffer[], file: Buffer): Buffer {
  const body = Buffer.concat(frames);
  const size = [21, 14, 7, 0].map((shift) => (body.length >> shift) & 127);
  return Buffer.concat([Buffer.from('ID3\x03\0\0', 'latin1'), Buffer.from(size), body, file]);
}

/** Cyrillic in the bytes of Windows-1251. */
export function cp1251(text: string): Buffer {
  return Buffer.from(
    [...text].map((letter) => {
      const code = letter.codePointAt(0) ?? 0;
      if (code < 128) return code;
      if (letter === 'ё') return 0xb8;
      return letter === 'Ё' ? 0xa8 : code - 0x410 + 0xc0;
    }),
  );
}
