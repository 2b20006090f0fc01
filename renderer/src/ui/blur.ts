/** The blurred placeholder of a picture that has not loaded yet, from its thumbhash. Pure. */
import { thumbHashToRGBA } from 'thumbhash';

export interface BlurPixels {
  width: number;
  height: number;
  /** RGBA, not premultiplied. */
  pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** A thumbhash has 5 bytes of constants, and at most 25 in all. */
const LEAST_BYTES = 5;
const MOST_BYTES = 25;

/** Bytes of a base64 text; null when it is not one. */
function bytesOf(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length > 64 || text.length % 4 === 1) return null;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Decodes a thumbhash in base64; null for anything else. At most 32 by 32 pixels. */
export function blurPixels(thumbhash: string): BlurPixels | null {
  const bytes = bytesOf(thumbhash);
  if (!bytes || bytes.length < LEAST_BYTES || bytes.length > MOST_BYTES) return null;
  const { w, h, rgba } = thumbHashToRGBA(bytes);
  // A damaged hash may claim no width at all.
  if (!(w > 0 && h > 0 && w <= 32 && h <= 32)) return null;
  return { width: w, height: h, pixels: new Uint8ClampedArray(rgba) };
}
