/** Headers of MPEG audio frames (layers I to III). Pure. */

export interface MpegFrame {
  /** In bytes, with the header. */
  length: number;
  layer: 1 | 2 | 3;
}

/** By version (1 or 2 and 2.5) and layer, in kilobits per second. */
const KBPS = {
  '1.1': [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1.2': [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1.3': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2.1': [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2.2': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2.3': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const HERTZ = [44_100, 48_000, 32_000] as const;
const LAYERS = [null, 3, 2, 1] as const;

/** The frame at a place; null when there is none, or one of free format. */
export function mpegFrame(buffer: Buffer, at: number): MpegFrame | null {
  if (at + 4 > buffer.length || buffer[at] !== 0xff) return null;
  const bits = buffer.readUInt32BE(at);
  const version = (bits >>> 19) & 3;
  const layer = LAYERS[(bits >>> 17) & 3] ?? null;
  const base = HERTZ[(bits >>> 10) & 3];
  if (bits >>> 21 !== 0x7ff || version === 1 || layer === null || base === undefined) return null;
  const isFirst = version === 3;
  const kbps = KBPS[`${isFirst ? 1 : 2}.${layer}`][(bits >>> 12) & 15];
  if (kbps === undefined || kbps === 0) return null;
  const hertz = isFirst ? base : version === 2 ? base / 2 : base / 4;
  const padding = (bits >>> 9) & 1;
  if (layer === 1) return { layer, length: (Math.floor((12_000 * kbps) / hertz) + padding) * 4 };
  const samples = layer === 3 && !isFirst ? 72_000 : 144_000;
  return { layer, length: Math.floor((samples * kbps) / hertz) + padding };
}
