/**
 * When the signals of a call go again after the server refused a frame: after a wait, a few each second, so that the limit
 * that they met is not met again; and once more from the beginning, later, if it was.
 */
import type { Clock, Disposer } from '../ports.ts';

/** Milliseconds until refused signals go again, at first; twice as many each further time, up to the longest. */
const AGAIN_MS = 1_000;
const LONGEST_AGAIN_MS = 8_000;
/** Frames in a slice, and milliseconds between two: half of what servers allow. */
const SLICE = 10;
const SLICE_MS = 1_000;

export class SendAgain {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #resend: (from: number, count: number) => boolean;
  #cancel: Disposer | null = null;
  #rounds = 0;
  /** The longest wait that the server has asked for since the last slice, milliseconds; null: nothing was refused. */
  #refused: number | null = null;

  /** @param resend sends so many from a position on, and answers whether there are more. */
  constructor(clock: Pick<Clock, 'after'>, resend: (from: number, count: number) => boolean) {
    this.#clock = clock;
    this.#resend = resend;
  }

  /** A frame was refused. @param retryAfterMs the server's own wait, milliseconds. */
  refused(retryAfterMs: number): void {
    this.#refused = Math.max(this.#refused ?? 0, retryAfterMs);
    if (!this.#cancel) this.#begin();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#refused = null;
  }

  #begin(): void {
    const wait = Math.min(AGAIN_MS * 2 ** this.#rounds, LONGEST_AGAIN_MS);
    this.#rounds += 1;
    this.#cancel = this.#clock.after(Math.max(wait, this.#refused ?? 0), () => {
      // What was refused up to here goes again now.
      this.#refused = null;
      this.#slice(0);
    });
  }

  #slice(from: number): void {
    const hasMore = this.#resend(from, SLICE);
    this.#cancel = this.#clock.after(SLICE_MS, () => {
      this.#cancel = null;
      // One of them was refused again: which one is not known.
      if (this.#refused !== null) this.#begin();
      else if (hasMore) this.#slice(from + SLICE);
    });
  }
}
