/** The one tag that a picture keeps: how it is turned. Pure. */
import { ascii, u16, u16le, u32, u32le } from './bytes.ts';

const ORIENTATION = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

/** The orientation that EXIF data states, 1 to 8; 1 when it states none. @param tiff without the `Exif` prefix. */
export function readOrientation(tiff: Uint8Array): number {
  const order = u16(tiff, 0);
  const isLittle = order === 0x4949;
  if (!isLittle && order !== 0x4d4d) return 1;
  const [word, long] = isLittle ? [u16le, u32le] : [u16, u32];
  if (word(tiff, 2) !== 42) return 1;
  const start = long(tiff, 4);
  const count = start + 2 <= tiff.length ? word(tiff, start) : 0;
  for (let n = 0, at = start + 2; n < count && at + ENTRY_BYTES <= tiff.length; n += 1, at += ENTRY_BYTES) {
    if (word(tiff, at) !== ORIENTATION || word(tiff, at + 2) !== SHORT) continue;
    const value = word(tiff, at + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** EXIF data that states an orientation and nothing else. */
export function writeOrientation(orientation: number): Uint8Array {
  // Big-endian; the table begins at 8, has one entry, and none follows.
  return Uint8Array.from([
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
    ...[0, 1],
    ...[ORIENTATION >> 8, ORIENTATION & 0xff, 0, SHORT, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
  ]);
}

/** EXIF data without the prefix that JPEG requires and WebP sometimes has. */
export function withoutPrefix(exif: Uint8Array): Uint8Array {
  const prefix = ascii('Exif\0\0');
  return prefix.every((byte, n) => exif[n] === byte) ? exif.subarray(prefix.length) : exif;
}

/** True for the orientations that swap width and height. */
export function isTurned(orientation: number): boolean {
  return orientation >= 5;
}
