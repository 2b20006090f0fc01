/** PNG, also animated, without its texts, times and EXIF data. What decides how it looks stays. */
import { crc32 } from 'node:zlib';
import { ascii, type Bytes, latin1, u32 } from './bytes.ts';
import { isTurned, readOrientation, withoutPrefix, writeOrientation } from './exif.ts';
import { PlanBuilder, type PictureScan } from './plan.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Chunks that change the picture; a name in capitals is one without which it cannot be shown. */
const KEPT = new Set('tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD hIST pHYs sPLT mDCV cLLI acTL fcTL fdAT'.split(' '));
const isNeeded = (type: string): boolean => /^[A-Z]/.test(type);
/** EXIF data longer than this are not read for their orientation. */
const MOST_EXIF_BYTES = 64 * 1024;
const MOST_CHUNKS = 1_000_000;

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Uint8Array.from([...ascii(type), ...data]);
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, data.length);
  view.setUint32(4, crc32(body));
  const numbers = new Uint8Array(view.buffer);
  return Uint8Array.from([...numbers.subarray(0, 4), ...body, ...numbers.subarray(4)]);
}

/** Scans a PNG; null when it is not well-formed. */
export async function scanPng(file: Bytes): Promise<PictureScan | null> {
  const head = await file.at(0, 8);
  if (!head || !SIGNATURE.every((byte, n) => head[n] === byte)) return null;
  const plan = new PlanBuilder();
  plan.keep(0, 8);
  let size: { width: number; height: number } | null = null;
  let isAnimated = false;
  let orientation = 1;
  let at = 8;
  for (let n = 0; n < MOST_CHUNKS; n += 1) {
    const start = await file.at(at, 8);
    const type = start ? latin1(start, 4, 8) : '';
    if (!start || !/^[A-Za-z]{4}$/.test(type)) return null;
    const length = u32(start, 0);
    const end = at + 12 + length;
    if (n === 0) {
      const header = type === 'IHDR' ? await file.at(at + 8, 8) : null;
      if (!header) return null;
      size = { width: u32(header, 0), height: u32(header, 4) };
    }
    if (type === 'acTL') isAnimated = true;
    if (isNeeded(type) || KEPT.has(type)) {
      // Cut off within the picture: what is there can still be shown.
      if (end > file.size && type !== 'IDAT') return null;
      plan.keep(at, Math.min(end, file.size));
    } else {
      const exif = type === 'eXIf' && length <= MOST_EXIF_BYTES ? await file.at(at + 8, length) : null;
      if (exif) {
        orientation = readOrientation(withoutPrefix(exif));
        if (orientation !== 1) plan.write(chunk('eXIf', writeOrientation(orientation)));
      }
      plan.isChanged = true;
    }
    at = end;
    if (type === 'IEND' && at < file.size) plan.isChanged = true;
    if (type === 'IEND' || at >= file.size) break;
  }
  if (!size || size.width === 0 || size.height === 0) return null;
  const { width, height } = isTurned(orientation) ? { width: size.height, height: size.width } : size;
  return { width, height, isAnimated, plan: plan.end() };
}
