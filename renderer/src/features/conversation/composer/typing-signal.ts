/**
 * Notifies others that the user is typing. Quiet: nothing was sent, or the end was. Active: "typing" was sent; it is
 * repeated at most every 3 s while keys are pressed, and "stopped" is sent 4 s after the last one, or immediately when
 * the text was sent or cleared.
 */

/** Milliseconds. */
const AGAIN_MS = 3000;
const STOP_MS = 4000;

export interface TypingSignal {
  /** The user has changed the text. */
  typed(text: string): void;
  /** The text was sent or cleared, or the composer was left. */
  stop(): void;
}

/** Creates a signal that reports through the given callback. `now` is a monotonic clock in milliseconds. */
export function createTypingSignal(send: (typing: boolean) => void, now: () => number): TypingSignal {
  let sentAt: number | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function stop(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (sentAt === null) return;
    sentAt = null;
    send(false);
  }

  function typed(text: string): void {
    if (text.trim() === '') {
      stop();
      return;
    }
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(stop, STOP_MS);
    if (sentAt !== null && now() - sentAt < AGAIN_MS) return;
    sentAt = now();
    send(true);
  }

  return { typed, stop };
}
