/** Pictures: their size, a thumbnail, a preview of large ones. Runs in the examiner only: libvips reads what strangers sent. */
import { rename } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { HEAD_BYTES, sniffType } from '../sniff.ts';
import type { Found } from './messages.ts';

/** Pixels of all frames together. Beyond it nobody's screen shows the picture without harm: it is a document. */
const MAX_PIXELS = 64_000_000;
/** Pixels beyond which viewers get a preview. */
const PREVIEW_PIXELS = 24_000_000;
const THUMB = { size: 320, quality: 75 };
const PREVIEW = { size: 2048, quality: 80 };
const COVER = { size: 640, quality: 80 };
/** The library takes no more than 100. */
const HASH_SIZE = 100;

/** The formats that are read, and their readers in libvips; everything else is blocked, SVG above all. */
const LOADERS: Readonly<Record<string, string>> = {
  'image/jpeg': 'VipsForeignLoadJpeg',
  'image/png': 'VipsForeignLoadPng',
  'image/apng': 'VipsForeignLoadPng',
  'image/gif': 'VipsForeignLoadNsgif',
  'image/webp': 'VipsForeignLoadWebp',
  'image/avif': 'VipsForeignLoadHeif',
};

export function isPicture(mimeType: string): boolean {
  return Object.hasOwn(LOADERS, mimeType);
}

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: [...new Set(Object.values(LOADERS))] });

/** One frame, turned the way it is shown. What is missing of a cut file stays empty. */
function open(source: string | Uint8Array): Sharp {
  return sharp(source, {
    limitInputPixels: MAX_PIXELS,
    failOn: 'none',
    sequentialRead: true,
    autoOrient: true,
    pages: 1,
  });
}

/** @param path of the file that it becomes a variant of. */
async function write(
  source: string | Uint8Array,
  path: string,
  variant: string,
  { size, quality }: { size: number; quality: number },
): Promise<void> {
  const target = `${path}.${variant}`;
  const unfinished = `${target}.new`;
  await open(source)
    .resize(size, size, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality })
    .toFile(unfinished);
  await rename(unfinished, target);
}

async function hashOf(path: string): Promise<string> {
  const { data, info } = await open(path)
    .resize(HASH_SIZE, HASH_SIZE, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64');
}

/** Reports what it finds as it goes. @throws whatever libvips says of the bytes. */
export async function examinePicture(path: string, report: (found: Found) => void): Promise<void> {
  const {
    width = 0,
    height = 0,
    pageHeight = height,
    pages = 1,
    orientation = 1,
  } = await sharp(path, {
    limitInputPixels: false,
    failOn: 'none',
  }).metadata();
  if (width * pageHeight * pages > MAX_PIXELS) {
    report({ isTooLarge: true });
    return;
  }
  const isTurned = orientation >= 5;
  report(isTurned ? { width: pageHeight, height: width } : { width, height: pageHeight });
  await write(path, path, 'thumb', THUMB);
  report({ variant: 'thumb' });
  report({ thumbhash: await hashOf(path) });
  if (pages > 1 || width * pageHeight <= PREVIEW_PIXELS) return;
  await write(path, path, 'preview', PREVIEW);
  report({ variant: 'preview' });
}

/**
 * Writes the cover of a sound beside it.
 * @returns false when the bytes are no picture of the list, whatever they are called.
 */
export async function examineCover(cover: Uint8Array, path: string): Promise<boolean> {
  if (!isPicture(sniffType(Buffer.from(cover.subarray(0, HEAD_BYTES)), ''))) return false;
  await write(cover, path, 'cover', COVER);
  return true;
}
