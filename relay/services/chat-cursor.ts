/** Extension `chat-pages`: a cursor encodes the list position of the last chat on a page. Pure. */
import type { ChatPlace } from '../repositories/ports.ts';

const CURSOR = /^([0-9a-z]{1,11})_([A-Za-z0-9_-]{1,64})$/;

export function cursorOf({ updatedAt, id }: ChatPlace): string {
  return `${updatedAt.toString(36)}_${id}`;
}

/** Null for anything `cursorOf` could not have produced. */
export function placeOf(cursor: string): ChatPlace | null {
  const [, time, id] = CURSOR.exec(cursor) ?? [];
  if (time === undefined || id === undefined) return null;
  const updatedAt = Number.parseInt(time, 36);
  return Number.isSafeInteger(updatedAt) ? { updatedAt, id } : null;
}
