import { sniff, SNIFFED_BYTES } from '../sniff.ts';
import { scanPicture } from './scan.ts';

/** What Electron's `nativeImage` decodes. */
const DECODABLE: ReadonlySet<string | null> = new Set(['image/png', 'image/jpeg']);

/** Width and height in pixels of a picture that the system can decode; null for anything else. */
export async function decodableSides(bytes: Uint8Array): Promise<{ width: number; height: number } | null> {
  const type = sniff(bytes.subarray(0, SNIFFED_BYTES));
  if (type === null || !DECODABLE.has(type)) return null;
  const scan = await scanPicture(type, async (at, length) => bytes.subarray(at, at + length), bytes.length);
  return scan && { width: scan.width, height: scan.height };
}
