/**
 * Last messages of which a chat list had only part: shown in the list until the message itself is here, and never
 * stored in its place.
 */
import type { Message } from '#contract/api/message.ts';

/** What is kept of it. */
export interface Preview {
  id: string;
  senderId: string;
  text: string;
  at: number;
  status: Message['status'];
}

/** A stored preview; null when there is none or it is invalid. */
export function readPreview(json: string | null): Preview | null {
  if (json === null) return null;
  try {
    const { id, senderId, text, at, status } = JSON.parse(json) as Partial<Record<keyof Preview, unknown>>;
    if (typeof id !== 'string' || typeof senderId !== 'string' || typeof text !== 'string' || !Number.isFinite(at))
      return null;
    const known = (['sent', 'delivered', 'read'] as const).find((candidate) => candidate === status);
    return { id, senderId, text, at: Number(at), status: known ?? null };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}
