/** Codes of Vorbis (Vorbis I, 3.2.1): a book states their lengths only, and each gets the lowest code that is left. */
import type { BitsFromLow } from './bits-from-low.ts';

/** Two places for each node: the next node, or an entry as `-1 - entry`; 0 where nothing is. */
export type CodeTree = Int32Array;

/**
 * @param lengths of the codes, 1 to 32; 0 for an entry without one.
 * @throws RangeError for more codes than there can be.
 */
export function codeTree(lengths: Uint8Array): CodeTree {
  /** By length: the lowest code that is left. */
  const free = new Float64Array(34);
  const nodes = [0, 0];
  for (const [entry, length] of lengths.entries()) {
    if (length === 0) continue;
    const code = free[length] ?? 0;
    if (code >= 2 ** length) throw new RangeError('a book of Vorbis has too many codes');
    put(nodes, code, length, entry);
    // The lowest of this length and of shorter ones is the next one that is not below this code.
    for (let at = length; at > 0; at -= 1) {
      const own = free[at] ?? 0;
      if (own % 2 === 1) {
        free[at] = at === 1 ? own + 1 : (free[at - 1] ?? 0) * 2;
        break;
      }
      free[at] = own + 1;
    }
    let below = code;
    for (let at = length + 1; at <= 32; at += 1) {
      const own = free[at] ?? 0;
      if (Math.floor(own / 2) !== below) break;
      below = own;
      free[at] = (free[at - 1] ?? 0) * 2;
    }
  }
  return Int32Array.from(nodes);
}

function put(nodes: number[], code: number, length: number, entry: number): void {
  let node = 0;
  for (let bit = length - 1; bit > 0; bit -= 1) {
    const place = node + (Math.floor(code / 2 ** bit) % 2);
    if ((nodes[place] ?? 0) < 0) throw new RangeError('a code of Vorbis begins another one');
    if (nodes[place] === 0) {
      nodes[place] = nodes.length;
      nodes.push(0, 0);
    }
    node = nodes[place] ?? 0;
  }
  const place = node + (code % 2);
  if (nodes[place] !== 0) throw new RangeError('a code of Vorbis is there twice');
  nodes[place] = -1 - entry;
}

/** The entry of the next code. Throws where there is none. */
export function readCode(tree: CodeTree, bits: BitsFromLow): number {
  let at = 0;
  do {
    at = tree[at + bits.bit()] ?? 0;
    if (at === 0) throw new RangeError('no code of Vorbis');
  } while (at > 0);
  return -1 - at;
}
