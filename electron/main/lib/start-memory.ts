/**
 * Remembers starts that did not come to an end of their own. After three of them in a row, each shorter than a minute, the
 * next one is careful: without the graphics hardware, and without the chat that was open.
 */
import type { Clock, JsonDocument } from '../services/ports.ts';

/** A run that lasted this long counts as a good one, in milliseconds. */
const GOOD_MS = 60_000;
const MOST_FAILED = 3;

export interface StartMemory {
  /** This start should be careful. */
  readonly isSafe: boolean;
  /** The app ends as its user wanted. */
  ended(): void;
}

/** Reads how the starts before went, and notes this one as failed until it proves good. */
export function rememberStart(document: JsonDocument, clock: Pick<Clock, 'after'>): StartMemory {
  const { failed } = document.read();
  const before = typeof failed === 'number' && Number.isInteger(failed) && failed > 0 ? failed : 0;
  document.write({ failed: before + 1 });
  const isGood = (): void => void document.write({ failed: 0 });
  const cancel = clock.after(GOOD_MS, isGood);
  return {
    isSafe: before >= MOST_FAILED,
    ended() {
      cancel();
      isGood();
    },
  };
}
