/** Reads the facts of a file: its type here, everything else in a process of its own. */
import { open } from 'node:fs/promises';
import { FILE_VARIANTS } from '#contract/api/file.ts';
import type { Found } from './child/messages.ts';
import { createExaminers, type ExaminersOptions } from './examiners.ts';
import type { MediaFacts, MediaReader, MediaTags } from './ports.ts';
import { HEAD_BYTES, sniffType, UNKNOWN_TYPE } from './sniff.ts';
import { readTags } from './tags.ts';

/** Types of which nothing is read but their first bytes. */
const PLAIN = /^(?!image\/|audio\/|video\/)|^image\/(?:heic|tiff|bmp)$|^audio\/(?:midi|amr)$/;

/** The first bytes of a file. */
async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Numbers that the API can carry; anything else is a file that lies. */
function within(value: number | null | undefined, most: number): number | null {
  return value !== null && value !== undefined && value > 0 && value <= most ? value : null;
}

/** Null when there are none, and nothing else to be kept with them. */
function tagsOf({ tags: raw, codec }: Found): MediaTags | null {
  if (codec !== undefined) return { ...readTags(raw ?? {}), codec };
  const tags = raw && readTags(raw);
  return tags && Object.values(tags).some((value) => value !== null) ? tags : null;
}

/** Puts reports together. They come from a process that read hostile bytes, and are believed only within bounds. */
export function factsOf(mimeType: string, reports: readonly Found[]): MediaFacts {
  const all = reports.reduce<Found>((sum, found) => ({ ...sum, ...found }), {});
  const width = within(all.width, 100_000);
  const height = within(all.height, 100_000);
  const isSized = width !== null && height !== null;
  const named = new Set(reports.map(({ variant }) => variant));
  return {
    mimeType: all.isTooLarge ? UNKNOWN_TYPE : mimeType,
    width: isSized ? Math.round(width) : null,
    height: isSized ? Math.round(height) : null,
    duration: within(all.duration, 10_000_000),
    thumbhash: all.thumbhash !== undefined && /^[A-Za-z0-9+/=]{4,48}$/.test(all.thumbhash ?? '') ? all.thumbhash : null,
    peaks: all.peaks?.every((peak) => peak >= 0 && peak <= 1) ? all.peaks.slice(0, 256) : null,
    tags: tagsOf(all),
    variants: FILE_VARIANTS.filter((variant) => named.has(variant)),
  };
}

/** @returns the reader, and the function that ends its processes. */
export function createMediaReader(options: ExaminersOptions): MediaReader & { close(): void } {
  const examiners = createExaminers(options);
  return {
    async examine(path, name) {
      const mimeType = sniffType(await headOf(path), name);
      return factsOf(mimeType, PLAIN.test(mimeType) ? [] : await examiners.examine(path, mimeType));
    },
    close: () => examiners.close(),
  };
}
