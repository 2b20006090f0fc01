/**
 * JPEG without what a camera or an editor wrote into it: EXIF with its thumbnail and place, XMP, IPTC, comments, further
 * pictures and films after the end. What the picture looks like stays: colour profile, colour transform, orientation.
 */
import { ascii, type Bytes, latin1, u16 } from './bytes.ts';
import { isTurned, readOrientation, withoutPrefix, writeOrientation } from './exif.ts';
import { PlanBuilder, type PictureScan } from './plan.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const COM = 0xfe;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;
/** No real file has as many; a broken one must not make a plan of millions. */
const MOST_SEGMENTS = 20_000;

/** Markers without a length. */
const isAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
/** Markers that state the size; the others in between are tables. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Where the picture's data ends: at the next marker that is not part of them, or at the end of the file. */
async function endOfData(file: Bytes, from: number): Promise<number> {
  for (let at = await file.find(0xff, from); at < file.size; at = await file.find(0xff, at)) {
    const next = (await file.at(at + 1, 1))?.[0];
    if (next === undefined) return file.size;
    if (next === 0xff) at += 1;
    else if (next === 0 || (next >= 0xd0 && next <= 0xd7)) at += 2;
    else return at;
  }
  return file.size;
}

/** JFIF's own header without the thumbnail that may follow it. */
function plainHeader(segment: Uint8Array): Uint8Array {
  return Uint8Array.from([0xff, APP0, 0, 16, ...segment.subarray(4, 16), 0, 0]);
}

/** Scans a JPEG; null when it is not well-formed. */
export async function scanJpeg(file: Bytes): Promise<PictureScan | null> {
  const head = await file.at(0, 2);
  if (!head || u16(head, 0) !== 0xff00 + SOI) return null;
  const plan = new PlanBuilder();
  let orientation = 1;
  let size: { width: number; height: number } | null = null;
  /** The segments that are kept before the first table: the orientation goes behind them. */
  const early = new PlanBuilder();
  early.keep(0, 2);
  let isEarly = true;
  const drop = (): void => void (plan.isChanged = true);

  let at = 2;
  for (let n = 0; n < MOST_SEGMENTS; n += 1) {
    const mark = await file.at(at, 2);
    if (mark?.[0] !== 0xff) return null;
    const marker = mark[1] ?? 0;
    if (marker === 0xff) {
      // Padding.
      plan.keep(at, at + 1);
      at += 1;
      continue;
    }
    if (marker === EOI || isAlone(marker)) {
      plan.keep(at, at + 2);
      at += 2;
      if (marker !== EOI) continue;
      if (at < file.size) drop();
      break;
    }
    const lengthBytes = await file.at(at + 2, 2);
    const end = at + 2 + (lengthBytes ? u16(lengthBytes, 0) : 0);
    const segment = end >= at + 4 ? await file.at(at, end - at) : null;
    if (!segment) return null;
    const name = latin1(segment, 4, 16);
    if (marker === APP1) {
      if (name.startsWith('Exif\0')) orientation = readOrientation(withoutPrefix(segment.subarray(4)));
      drop();
    } else if (marker === APP0 && name.startsWith('JFIF\0') && segment.length >= 18) {
      if (segment.length === 18) (isEarly ? early : plan).keep(at, end);
      else {
        (isEarly ? early : plan).write(plainHeader(segment));
        drop();
      }
    } else if (
      marker === COM ||
      (marker >= APP0 &&
        marker <= APP15 &&
        !(marker === APP2 && name.startsWith('ICC_PROFILE\0')) &&
        !(marker === APP14 && name.startsWith('Adobe')))
    ) {
      drop();
    } else {
      isEarly = false;
      if (isFrame(marker)) size ??= { height: u16(segment, 5), width: u16(segment, 7) };
      if (marker === SOS && !size) return null;
      const stop = marker === SOS ? await endOfData(file, end) : end;
      plan.keep(at, stop);
      at = stop;
      // Cut off: what is there is still a picture.
      if (at >= file.size) break;
      continue;
    }
    at = end;
  }
  if (!size) return null;
  const { width, height } = isTurned(orientation) ? { width: size.height, height: size.width } : size;
  return { width, height, isAnimated: false, plan: joined(early, plan, orientation) };
}

function joined(early: PlanBuilder, plan: PlanBuilder, orientation: number): PictureScan['plan'] {
  const rest = plan.end();
  if (!rest) return null;
  const whole = new PlanBuilder();
  whole.isChanged = true;
  early.isChanged = true;
  const add = (segments: PictureScan['plan']): void => {
    for (const segment of segments?.segments ?? []) {
      if ('bytes' in segment) whole.write(segment.bytes);
      else whole.keep(segment.from, segment.to);
    }
  };
  add(early.end());
  if (orientation !== 1) {
    const tiff = writeOrientation(orientation);
    const length = 8 + tiff.length;
    whole.write(Uint8Array.from([0xff, APP1, length >> 8, length & 0xff, ...ascii('Exif\0\0'), ...tiff]));
  }
  add(rest);
  return whole.end();
}
