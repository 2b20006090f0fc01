/** A file that looks, to the fuses, like Electron's program. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** @param states one character for each fuse: 0 off, 1 on. */
export function programWithFuses(states: string): Buffer {
  const wire = Buffer.from([1, states.length, ...Buffer.from(states, 'latin1')]);
  return Buffer.concat([Buffer.alloc(64, 'x'), Buffer.from(SENTINEL, 'latin1'), wire, Buffer.alloc(64, 'x')]);
}
