/** More bits were wanted than there are. */
export class EndOfBits extends RangeError {}

/** Reads a buffer bit by bit, the least significant first, as Vorbis packs them. Past the end it throws. */
export class BitsFromLow {
  readonly #buffer: Buffer;
  #at: number;

  /** @param byte where to begin. */
  constructor(buffer: Buffer, byte = 0) {
    this.#buffer = buffer;
    this.#at = byte * 8;
  }

  skip(count: number): void {
    this.#at += count;
    if (this.#at > this.#buffer.length * 8) throw new EndOfBits('past the end');
  }

  /** The next one: 0 or 1. */
  bit(): number {
    const byte = this.#buffer[this.#at >> 3];
    if (byte === undefined) throw new EndOfBits('past the end');
    const bit = (byte >> (this.#at & 7)) & 1;
    this.#at += 1;
    return bit;
  }

  /** @param count 0 to 32. */
  unsigned(count: number): number {
    if (this.#at + count > this.#buffer.length * 8) throw new EndOfBits('past the end');
    let value = 0;
    for (let done = 0; done < count;) {
      const offset = this.#at & 7;
      const take = Math.min(8 - offset, count - done);
      const part = ((this.#buffer[this.#at >> 3] ?? 0) >> offset) & ((1 << take) - 1);
      value += part * 2 ** done;
      this.#at += take;
      done += take;
    }
    return value;
  }
}
