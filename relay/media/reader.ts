/** Reads the facts of a file. */
import { open } from 'node:fs/promises';
import type { MediaReader } from './ports.ts';
import { HEAD_BYTES, sniffType } from './sniff.ts';

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

export function createMediaReader(): MediaReader {
  return {
    async examine(path, name) {
      const mimeType = sniffType(await headOf(path), name);
      return { mimeType, width: null, height: null, duration: null, thumbhash: null, peaks: null, variants: [] };
    },
  };
}
