/**
 * The one order of messages in a conversation: by server time, ties by id; pending messages come last, in the order
 * written. Main sorts by it and the page inserts by it, so the two never disagree.
 */

/** Sort position: `at` in milliseconds since the epoch (beyond every real time while pending), then `tie`. */
export interface MessagePosition {
  at: number;
  tie: string;
}

/** Beyond every real time: a pending message's `at` is this plus its number in the chat's outbox. */
export const PENDING_BASE = 8.64e15;

/** The position of a message that the server has. */
export function storedPosition(createdAt: number, id: string): MessagePosition {
  return { at: createdAt, tie: id };
}

/** The position of an unacknowledged message; `sequence` counts up per chat. */
export function pendingPosition(sequence: number, localId: string): MessagePosition {
  return { at: PENDING_BASE + sequence, tie: localId };
}

/** Before the service existed: an earlier time is broken or hostile. */
const EARLIEST = Date.UTC(2000, 0, 1);
/** How far the clocks of a server's nodes, and our estimate of them, may differ. */
export const CLOCK_TOLERANCE_MS = 2 * 60_000;

/**
 * Whether a message with that time can have been sent by the server's `now`, both in milliseconds since the epoch. If
 * not, its neighbours determine its position, and its own time is only displayed.
 */
export function isPlausibleTime(createdAt: number, now: number): boolean {
  return createdAt >= EARLIEST && createdAt <= now + CLOCK_TOLERANCE_MS;
}

/** Negative when `a` sorts before `b`, positive when after, 0 when equal. */
export function comparePositions(a: MessagePosition, b: MessagePosition): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.tie === b.tie) return 0;
  return a.tie < b.tie ? -1 : 1;
}
