/** Writes the two icon container formats: both are a short table of contents followed by PNG files. */

export interface SizedPng {
  /** Width and height in pixels. */
  size: number;
  png: Buffer;
}

/** A Windows .ico: a directory entry of 16 bytes per image. Sizes up to 256. */
export function makeIco(pictures: SizedPng[]): Buffer {
  const header = Buffer.alloc(6);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length + pictures.length * 16;
  const entries = pictures.map(({ size, png }) => {
    const entry = Buffer.alloc(16);
    // 256 does not fit a byte and is written as 0.
    entry.writeUInt8(size % 256, 0);
    entry.writeUInt8(size % 256, 1);
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(png.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += png.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...pictures.map(({ png }) => png)]);
}

/** The .icns chunk types that contain a PNG, with the pixel size each requires. */
export const ICNS_KINDS: readonly { kind: string; size: number }[] = [
  { kind: 'icp4', size: 16 },
  { kind: 'icp5', size: 32 },
  { kind: 'ic11', size: 32 },
  { kind: 'ic12', size: 64 },
  { kind: 'ic07', size: 128 },
  { kind: 'ic13', size: 256 },
  { kind: 'ic08', size: 256 },
  { kind: 'ic14', size: 512 },
  { kind: 'ic09', size: 512 },
  { kind: 'ic10', size: 1024 },
];

/** A macOS .icns: chunks of type, length and PNG. */
export function makeIcns(pictures: ReadonlyMap<number, Buffer>): Buffer {
  const chunks = ICNS_KINDS.map(({ kind, size }) => {
    const png = pictures.get(size);
    if (!png) throw new Error(`no picture of ${String(size)} pixels`);
    const head = Buffer.alloc(8);
    head.write(kind, 0, 'latin1');
    head.writeUInt32BE(png.length + 8, 4);
    return Buffer.concat([head, png]);
  });
  const head = Buffer.alloc(8);
  head.write('icns', 0, 'latin1');
  head.writeUInt32BE(8 + chunks.reduce((sum, chunk) => sum + chunk.length, 0), 4);
  return Buffer.concat([head, ...chunks]);
}
