/**
 * The one order of messages in a conversation: by the server's time, ties by id; what has not left yet stands at the
 * end in the order it was written. Main sorts by it, and the page inserts by it, so the two never disagree.
 */

/** Where a message stands: `at` in milliseconds since the epoch (or past every time for what is pending), then `tie`. */
export interface MessagePosition {
  at: number;
  tie: string;
}

/** Past every real time: a pending message's `at` is this plus its number in the chat's outbox. */
export const PENDING_BASE = 8.64e15;

/** The position of a message the server has. */
export function storedPosition(createdAt: number, id: string): MessagePosition {
  return { at: createdAt, tie: id };
}

/** The position of a message that has not been acknowledged; `sequence` counts up per chat. */
export function pendingPosition(sequence: number, localId: string): MessagePosition {
  return { at: PENDING_BASE + sequence, tie: localId };
}

/** Before the service was there: an earlier time is a broken or hostile one. */
const EARLIEST = Date.UTC(2000, 0, 1);
/** How far the clocks of a server's nodes, and our idea of them, may lie apart. */
export const CLOCK_TOLERANCE_MS = 2 * 60_000;

/**
 * Whether a message of that time can have been sent by the server's `now`, both in milliseconds since the epoch. One that
 * cannot stands where its neighbours say, and its own time is only shown.
 */
export function isPlausibleTime(createdAt: number, now: number): boolean {
  return createdAt >= EARLIEST && createdAt <= now + CLOCK_TOLERANCE_MS;
}

/** Negative when `a` stands before `b`, positive when after, 0 when they are the same place. */
export function comparePositions(a: MessagePosition, b: MessagePosition): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.tie === b.tie) return 0;
  return a.tie < b.tie ? -1 : 1;
}
