/**
 * Tells the others that somebody types. Quiet: nothing was told, or the end was. Told: "typing" was said; it is said again
 * at most every 3 s while keys are pressed, and "stopped" 4 s after the last one, or at once when the text was sent or
 * emptied.
 */

/** Milliseconds. */
const AGAIN_MS = 3000;
const STOP_MS = 4000;

export interface TypingSignal {
  /** The text was changed by a key. */
  typed(text: string): void;
  /** Sent, emptied or left. */
  stop(): void;
}

/** A signal that speaks through `tell`. `now` is a clock that never jumps, in milliseconds. */
export function createTypingSignal(tell: (typing: boolean) => void, now: () => number): TypingSignal {
  let toldAt: number | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function stop(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (toldAt === null) return;
    toldAt = null;
    tell(false);
  }

  function typed(text: string): void {
    if (text.trim() === '') {
      stop();
      return;
    }
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(stop, STOP_MS);
    if (toldAt !== null && now() - toldAt < AGAIN_MS) return;
    toldAt = now();
    tell(true);
  }

  return { typed, stop };
}
