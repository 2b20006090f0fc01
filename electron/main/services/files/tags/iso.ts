/** The boxes of the ISO container (MP4, MOV, M4A, HEIC, AVIF): their heads are read, never what they hold. */
import { ascii, type Bytes, latin1, u32 } from '../pictures/bytes.ts';
import type { Patches } from './patches.ts';

/** No real file has as many; a hostile one must not keep us busy. */
const MOST_BOXES = 200_000;

export interface Box {
  type: string;
  /** Where its head begins, what it holds begins, and where it ends. */
  at: number;
  body: number;
  end: number;
}

/** A file whose tags are being removed. */
export class IsoFile {
  readonly bytes: Bytes;
  readonly patches: Patches;
  #left = MOST_BOXES;

  constructor(bytes: Bytes, patches: Patches) {
    this.bytes = bytes;
    this.patches = patches;
  }

  /** The boxes in a part of the file. One that ends outside is cut there. What cannot be read makes the file not whole. */
  async *boxes(from: number, to: number): AsyncGenerator<Box, void> {
    // Fewer bytes than a head has are the end that QuickTime writes.
    for (let at = from; at + 8 <= to;) {
      const head = this.#left > 0 ? await this.bytes.at(at, 8) : null;
      if (!head) return this.damaged();
      this.#left -= 1;
      const type = latin1(head, 4, 8);
      let size = u32(head, 0);
      let body = at + 8;
      if (size === 0 && type === '\0\0\0\0') return;
      if (size === 0) size = to - at;
      else if (size === 1) {
        const long = at + 16 <= to ? await this.bytes.at(at + 8, 8) : null;
        if (!long) return this.damaged();
        size = u32(long, 0) * 0x1_0000_0000 + u32(long, 4);
        body = at + 16;
      }
      if (at + size < body) return this.damaged();
      if (at + size > to) this.damaged();
      const end = Math.min(at + size, to);
      yield { type, at, body, end };
      at = end;
    }
  }

  /** Something was not understood: tags may be left. */
  damaged(): void {
    this.patches.isWhole = false;
  }

  /** Makes a box an empty place of the same length. */
  free({ at, body, end }: Box): void {
    this.patches.write(at + 4, ascii('free'));
    this.patches.zero(body, end);
  }
}
