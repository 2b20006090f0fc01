/** How close a text is to the length limit of a message. Pure. */
import { LIMITS } from '#contract/model/limits.ts';
import { asSent } from '#contract/model/message-text/as-sent.ts';
import { characterCount, hasVisibleText, LONGEST_COMPOSED } from '#contract/model/text.ts';

/** Characters left when the counter appears. */
const NEAR = 300;

export interface LengthState {
  /** Remaining characters, negative beyond the limit; null while the limit is far away. */
  left: number | null;
  /** Has visible text, and is not too long. */
  sendable: boolean;
}

/** Evaluates a text as it would be sent. */
export function lengthState(text: string): LengthState {
  const trimmed = asSent(text);
  // A code unit yields a limited number of characters, so short texts need no counting.
  const far = trimmed.length * LONGEST_COMPOSED <= LIMITS.content.max - NEAR;
  const left = far ? null : LIMITS.content.max - characterCount(trimmed);
  const near = left !== null && left <= NEAR;
  return { left: near ? left : null, sendable: hasVisibleText(trimmed) && (left === null || left >= 0) };
}
