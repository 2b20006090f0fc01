/** What a picture is, and how it is sent without its tags. */
import { Bytes, latin1, type ReadAt, u16le, u32 } from './bytes.ts';
import { scanJpeg } from './jpeg.ts';
import type { PictureScan } from './plan.ts';
import { scanPng } from './png.ts';
import { scanWebp } from './webp.ts';

/** Bytes in which the size of an AVIF picture is looked for. */
const AVIF_HEAD = 4096;

async function scanGif(file: Bytes): Promise<PictureScan | null> {
  const head = await file.at(0, 10);
  if (!head || !/^GIF8[79]a/.test(latin1(head, 0, 6))) return null;
  // Whether it moves is not worth reading all of it: it is never encoded anew either way.
  return { width: u16le(head, 6), height: u16le(head, 8), isAnimated: true, plan: null };
}

/** The largest size that the file's head states: a picture of several tiles states theirs too. */
async function scanAvif(file: Bytes): Promise<PictureScan | null> {
  const head = await file.at(0, Math.min(AVIF_HEAD, file.size));
  if (!head) return null;
  let size = { width: 0, height: 0 };
  const text = latin1(head, 0, head.length);
  for (let at = text.indexOf('ispe'); at >= 0 && at + 16 <= head.length; at = text.indexOf('ispe', at + 4)) {
    const [width, height] = [u32(head, at + 8), u32(head, at + 12)];
    if (width * height > size.width * size.height) size = { width, height };
  }
  return size.width > 0 ? { ...size, isAnimated: false, plan: null } : null;
}

type Scan = (file: Bytes) => Promise<PictureScan | null>;

const SCANS: Readonly<Record<string, Scan>> = {
  'image/jpeg': scanJpeg,
  'image/png': scanPng,
  'image/webp': scanWebp,
  'image/gif': scanGif,
  'image/avif': scanAvif,
};

/** True for the types of which tags can be removed. */
export function canStrip(type: string): boolean {
  return type === 'image/jpeg' || type === 'image/png' || type === 'image/webp';
}

/**
 * Scans a picture of a sniffed type. Reads all of a JPEG and the heads of the parts of others.
 * @returns null when it is no picture that can be shown.
 */
export async function scanPicture(type: string, read: ReadAt, size: number): Promise<PictureScan | null> {
  const scan = Object.hasOwn(SCANS, type) ? SCANS[type] : undefined;
  return scan ? scan(new Bytes(read, size)) : null;
}
