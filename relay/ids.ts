/**
 * Ids of what is made often: 24 characters as cuid2 has them, a letter first, all by chance (123 bits). The library
 * mixes time, a counter and the host in by a hash that takes thirty microseconds; a message has an id, and a connection.
 */
import { randomFillSync } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const CHARACTERS = `0123456789${LETTERS}`;
const LENGTH = 24;

// Filled for many ids at once: to ask the system costs more than to make one.
const pool = Buffer.alloc(4096);
let used = pool.length;

/** A whole number from 0 to below `end`, each as likely as any other. @param end 256 at most. */
function chance(end: number): number {
  const fair = 256 - (256 % end);
  let byte = fair;
  while (byte >= fair) {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    byte = pool[used] ?? fair;
    used += 1;
  }
  return byte % end;
}

/** A new id. */
export function newId(): string {
  let id = LETTERS.charAt(chance(LETTERS.length));
  while (id.length < LENGTH) id += CHARACTERS.charAt(chance(CHARACTERS.length));
  return id;
}
