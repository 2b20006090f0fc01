/** Pictures: their size, a thumbnail, a preview of large ones. Runs in the examiner only: libvips reads what strangers sent. */
import { rename } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import type { Found } from './messages.ts';

/** Pixels of all frames together. Beyond it nobody's screen shows the picture without harm: it is a document. */
const MAX_PIXELS = 64_000_000;
/** Pixels beyond which viewers get a preview. */
const PREVIEW_PIXELS = 24_000_000;
const THUMB_SIZE = 320;
const PREVIEW_SIZE = 2048;
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
function open(path: string): Sharp {
  return sharp(path, {
    limitInputPixels: MAX_PIXELS,
    failOn: 'none',
    sequentialRead: true,
    autoOrient: true,
    pages: 1,
  });
}

async function write(path: string, variant: string, size: number, quality: number): Promise<void> {
  const target = `${path}.${variant}`;
  const unfinished = `${target}.new`;
  await open(path).resize(size, size, { fit: 'inside', withoutEnlargement: true }).webp({ quality }).toFile(unfinished);
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
  await write(path, 'thumb', THUMB_SIZE, 75);
  report({ variant: 'thumb' });
  report({ thumbhash: await hashOf(path) });
  if (pages > 1 || width * pageHeight <= PREVIEW_PIXELS) return;
  await write(path, 'preview', PREVIEW_SIZE, 80);
  report({ variant: 'preview' });
}
