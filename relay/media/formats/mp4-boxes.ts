/** Boxes of MP4 (ISO/IEC 14496-12, 4.2), in a part of a file that is in memory, and at the top of one that is not. */
import type { Bytes } from './bytes.ts';

export interface Box {
  type: string;
  /** Of its contents. */
  start: number;
  end: number;
}

/** Bytes of a header, and of a fragment's, that are read into memory. */
export const MAX_MOOV_BYTES = 32 * 1024 * 1024;
export const MAX_MOOF_BYTES = 1024 * 1024;
/** Boxes at the top of a file: two for each fragment. */
const MAX_BOXES = 100_000;

/** The box at a place of a buffer; null when there is none. */
export function boxAt(buffer: Buffer, at: number, end: number): Box | null {
  if (at + 8 > end) return null;
  const type = buffer.toString('latin1', at + 4, at + 8);
  let size = buffer.readUInt32BE(at);
  let header = 8;
  if (size === 1) {
    if (at + 16 > end) return null;
    size = Number(buffer.readBigUInt64BE(at + 8));
    header = 16;
  }
  if (size === 0) size = end - at;
  if (size < header || at + size > end) return null;
  return { type, start: at + header, end: at + size };
}

export function* boxesIn(buffer: Buffer, start = 0, end = buffer.length): Generator<Box, void> {
  for (let box = boxAt(buffer, start, end); box; box = boxAt(buffer, box.end, end)) yield box;
}

function firstOf(buffer: Buffer, { start, end }: Box, type: string): Box | null {
  for (const box of boxesIn(buffer, start, end)) if (box.type === type) return box;
  return null;
}

/** The first box at a path of types; null when there is none. */
export function findBox(buffer: Buffer, parent: Box, ...path: string[]): Box | null {
  return path.reduce<Box | null>((box, type) => box && firstOf(buffer, box, type), parent);
}

/** The boxes at the top of a file, one after the other; the last one may say that it goes past the end. */
export async function* topBoxes(bytes: Bytes): AsyncGenerator<Box & { begin: number }, void> {
  for (let at = 0, boxes = 0; at + 8 <= bytes.size && boxes < MAX_BOXES; boxes += 1) {
    const head = await bytes.read(at, 16);
    if (head.length < 8) return;
    const short = head.readUInt32BE(0);
    const header = short === 1 ? 16 : 8;
    if (head.length < header) return;
    const size = short === 0 ? bytes.size - at : short === 1 ? Number(head.readBigUInt64BE(8)) : short;
    if (size < header) return;
    yield { type: head.toString('latin1', 4, 8), begin: at, start: at + header, end: at + size };
    at += size;
  }
}
