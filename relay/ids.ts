/**
 * Ids: 24 characters in the form of a cuid, a letter first, all by chance (123 bits). No time is in them, and no counter,
 * so that an id tells nothing about when or after what its row was made.
 */
import { customAlphabet } from 'nanoid';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const CHARACTERS = `0123456789${LETTERS}`;
const LENGTH = 24;

const first = customAlphabet(LETTERS, 1);
const others = customAlphabet(CHARACTERS, LENGTH - 1);

// The library cuts its strings out of one of 32 KiB, which stays in memory as long as any of them: so each is copied.
const copy = Buffer.alloc(LENGTH);

/** A new id. */
export function newId(): string {
  copy.write(first() + others(), 'latin1');
  return copy.toString('latin1');
}
