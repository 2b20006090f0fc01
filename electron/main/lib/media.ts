/** How a service provides pictures, audio and video to the page: by id, without revealing where they come from. */
import type { AskedRange, ByteRange } from '#contract/api/byte-range.ts';

/** A stream of bytes that has been opened. */
export interface OpenedMedia {
  /** Media type. What the page may not show inline reaches it as plain bytes. */
  type: string;
  /** Total size in bytes. */
  size: number;
  /** The part that is sent: `resolveRange(range, size)` of the requested range, or null for the whole. */
  part: ByteRange | null;
  /**
   * Exactly the part, in order; read once, and no faster than the page consumes it. An error makes the page ask again.
   */
  body: AsyncIterable<Uint8Array>;
  /** No longer wanted; also called if reading has not begun. */
  cancel(): void;
}

/**
 * `unknown`: it does not exist, or not for this user. `out_of_range`: it has no such part. `unavailable`: not now, and
 * the page may ask again.
 */
export type MediaProblem =
  { problem: 'unknown' } | { problem: 'out_of_range'; size: number } | { problem: 'unavailable' };

export interface MediaOpener {
  /**
   * Opens a media file. Never throws.
   * @param id opaque to the page: letters, digits, `-` and `_`, at most 128.
   * @param range the requested part; null for all of it.
   * @param signal aborted when the page no longer wants it.
   */
  open(id: string, range: AskedRange | null, signal: AbortSignal): Promise<OpenedMedia | MediaProblem>;
}

/** Has no media. */
export const NO_MEDIA: MediaOpener = { open: () => Promise.resolve({ problem: 'unknown' }) };
