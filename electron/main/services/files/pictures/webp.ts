/** WebP, also animated, without EXIF, XMP and chunks that nobody knows. */
import { ascii, type Bytes, latin1, u16le, u24le, u32le } from './bytes.ts';
import { isTurned, readOrientation, withoutPrefix, writeOrientation } from './exif.ts';
import { PlanBuilder, type PictureScan } from './plan.ts';

const KEPT = new Set(['VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
/** Flags of `VP8X`. */
const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;
const IS_ANIMATED = 0x02;
const MOST_EXIF_BYTES = 64 * 1024;
const MOST_CHUNKS = 100_000;

interface Size {
  width: number;
  height: number;
}

/** The size as the picture's own data state it. */
function sizeOf(type: string, data: Uint8Array): Size | null {
  if (type === 'VP8L' && data[0] === 0x2f) {
    const bits = u32le(data, 1);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (type === 'VP8 ' && data[3] === 0x9d && data[4] === 0x01 && data[5] === 0x2a) {
    return { width: u16le(data, 6) & 0x3fff, height: u16le(data, 8) & 0x3fff };
  }
  return null;
}

function withLength(type: string, length: number): number[] {
  return [...ascii(type), length & 0xff, (length >> 8) & 0xff, (length >> 16) & 0xff, (length >>> 24) & 0xff];
}

/** Scans a WebP picture; null when it is not well-formed. */
export async function scanWebp(file: Bytes): Promise<PictureScan | null> {
  const head = await file.at(0, 12);
  if (!head || latin1(head, 0, 4) !== 'RIFF' || latin1(head, 8, 12) !== 'WEBP') return null;
  const whole = Math.min(u32le(head, 4) + 8, file.size);
  const body = new PlanBuilder();
  if (whole < file.size) body.isChanged = true;
  let size: Size | null = null;
  let extended: Uint8Array | null = null;
  let orientation = 1;
  let at = 12;
  for (let n = 0; at + 8 <= whole && n < MOST_CHUNKS; n += 1) {
    const start = await file.at(at, 8);
    if (!start) return null;
    const type = latin1(start, 0, 4);
    const length = u32le(start, 4);
    const end = at + 8 + length + (length % 2);
    if (end > whole + 1) return null;
    const data = await file.at(at + 8, Math.min(length, 10));
    if (!data) return null;
    if (type === 'VP8X' && n === 0 && data.length === 10) {
      extended = Uint8Array.from(data);
      size = { width: u24le(data, 4) + 1, height: u24le(data, 7) + 1 };
    } else if (KEPT.has(type)) {
      size ??= sizeOf(type, data);
      body.keep(at, Math.min(end, whole));
    } else {
      const exif = type === 'EXIF' && length <= MOST_EXIF_BYTES ? await file.at(at + 8, length) : null;
      if (exif) orientation = readOrientation(withoutPrefix(exif));
      body.isChanged = true;
    }
    at = end;
  }
  if (!size || size.width === 0 || size.height === 0) return null;
  const flags = extended?.[0] ?? 0;
  const { width, height } = isTurned(orientation) ? { width: size.height, height: size.width } : size;
  const scan = { width, height, isAnimated: (flags & IS_ANIMATED) !== 0 };
  const kept = body.end();
  if (!kept) return { ...scan, plan: null };

  const tiff = extended && orientation !== 1 ? writeOrientation(orientation) : null;
  const plan = new PlanBuilder();
  plan.isChanged = true;
  const parts: number[] = [];
  if (extended) {
    const now = (flags & ~(HAS_EXIF | HAS_XMP)) | (tiff ? HAS_EXIF : 0);
    parts.push(...withLength('VP8X', 10), now, ...extended.subarray(1));
  }
  // The last chunk may lack its padding at the end of the file.
  const padding = kept.size % 2;
  const exifBytes = tiff ? 8 + tiff.length : 0;
  const total = 4 + parts.length + kept.size + padding + exifBytes;
  plan.write(Uint8Array.from([...withLength('RIFF', total), ...ascii('WEBP'), ...parts]));
  for (const segment of kept.segments) if ('from' in segment) plan.keep(segment.from, segment.to);
  if (padding) plan.write(new Uint8Array(1));
  if (tiff) plan.write(Uint8Array.from([...withLength('EXIF', tiff.length), ...tiff]));
  return { ...scan, plan: plan.end() };
}
