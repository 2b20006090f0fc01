/** How near a text is to the longest a message may be. Pure. */
import { LIMITS } from '#contract/model/limits.ts';
import { asSent } from '#contract/model/message-text/as-sent.ts';
import { characterCount, hasVisibleText, LONGEST_COMPOSED } from '#contract/model/text.ts';

/** Characters left at which the counter appears. */
const NEAR = 300;

export interface LengthState {
  /** Characters that are left, negative past the limit; null while the limit is far. */
  left: number | null;
  /** Something visible, and not too long. */
  sendable: boolean;
}

/** Judges a text as it would be sent. */
export function lengthState(text: string): LengthState {
  const trimmed = asSent(text);
  // A code unit becomes only so many characters, so short texts need no counting.
  const far = trimmed.length * LONGEST_COMPOSED <= LIMITS.content.max - NEAR;
  const left = far ? null : LIMITS.content.max - characterCount(trimmed);
  const near = left !== null && left <= NEAR;
  return { left: near ? left : null, sendable: hasVisibleText(trimmed) && (left === null || left >= 0) };
}
