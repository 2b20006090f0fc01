/** UUIDv7: ids that sort by creation time, even within a millisecond. */
import { randomBytes } from 'node:crypto';

/** Creates ids that only grow, if one maker creates them all. */
export function createIdMaker(now: () => number, bytes: (n: number) => Uint8Array = randomBytes): () => string {
  let last = 0;
  let counter = 0;
  return () => {
    const time = Math.max(last, Math.floor(now()));
    const random = bytes(10);
    if (time === last) counter += 1;
    else counter = ((random[8] ?? 0) << 1) | 1;
    // Twelve bits of counter; when they are used up, the id borrows the next millisecond.
    const overflow = counter > 0xfff;
    last = overflow ? time + 1 : time;
    if (overflow) counter = 0;
    const head = last.toString(16).padStart(12, '0');
    const seq = counter.toString(16).padStart(3, '0');
    const tail = Buffer.from(random.subarray(0, 8));
    tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
    const hex = tail.toString('hex');
    return `${head.slice(0, 8)}-${head.slice(8)}-7${seq}-${hex.slice(0, 4)}-${hex.slice(4)}`;
  };
}
