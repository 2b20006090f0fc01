/** How a service gives the page pictures, sound and films: by an id, without the page learning where they come from. */
import type { AskedRange, ByteRange } from '#contract/api/byte-range.ts';

/** Bytes that are on their way. */
export interface OpenedMedia {
  /** Media type. What the page may not show in place reaches it as plain bytes. */
  type: string;
  /** Bytes of all of it. */
  size: number;
  /** The part that comes: `resolveRange(range, size)` of what was asked for, or null for the whole. */
  part: ByteRange | null;
  /** Exactly the part, in its order; read once, and no faster than the page takes it. What it throws makes the page ask again. */
  body: AsyncIterable<Uint8Array>;
  /** Nobody wants it any more; also called where nobody has begun to read. */
  cancel(): void;
}

/**
 * `unknown`: there is none, or none for this person. `out_of_range`: no such part of it. `unavailable`: not now, and the page
 * may ask again.
 */
export type MediaProblem =
  { problem: 'unknown' } | { problem: 'out_of_range'; size: number } | { problem: 'unavailable' };

export interface MediaOpener {
  /**
   * Opens a medium. Never throws.
   * @param id opaque to the page: letters, digits, `-` and `_`, at most 128.
   * @param range the part that is wanted; null for all of it.
   * @param signal aborted when the page does not want it any more.
   */
  open(id: string, range: AskedRange | null, signal: AbortSignal): Promise<OpenedMedia | MediaProblem>;
}

/** Knows no media. */
export const NO_MEDIA: MediaOpener = { open: () => Promise.resolve({ problem: 'unknown' }) };
