/** Reads a buffer bit by bit, the most significant first. Past the end it throws. */
export class Bits {
  readonly #buffer: Buffer;
  #at: number;

  /** @param byte where to begin. */
  constructor(buffer: Buffer, byte = 0) {
    this.#buffer = buffer;
    this.#at = byte * 8;
  }

  /** The byte that the next whole one begins at. */
  get byte(): number {
    return (this.#at + 7) >> 3;
  }

  align(): void {
    this.#at = this.byte * 8;
  }

  /** @param count 0 to 32. */
  unsigned(count: number): number {
    if (this.#at + count > this.#buffer.length * 8) throw new RangeError('past the end');
    let value = 0;
    let left = count;
    while (left > 0) {
      const offset = this.#at & 7;
      const take = Math.min(8 - offset, left);
      const byte = this.#buffer[this.#at >> 3] ?? 0;
      value = value * 2 ** take + ((byte >> (8 - offset - take)) & ((1 << take) - 1));
      this.#at += take;
      left -= take;
    }
    return value;
  }

  /** The next bits, which stay; zeros past the end. @param count 1 to 25. */
  peek(count: number): number {
    const byte = this.#at >> 3;
    const buffer = this.#buffer;
    const word =
      ((buffer[byte] ?? 0) << 24) |
      ((buffer[byte + 1] ?? 0) << 16) |
      ((buffer[byte + 2] ?? 0) << 8) |
      (buffer[byte + 3] ?? 0);
    return (word << (this.#at & 7)) >>> (32 - count);
  }

  /** The next one: 0 or 1. */
  bit(): number {
    const byte = this.#buffer[this.#at >> 3];
    if (byte === undefined) throw new RangeError('past the end');
    const bit = (byte >> (7 - (this.#at & 7))) & 1;
    this.#at += 1;
    return bit;
  }

  skip(count: number): void {
    this.#at += count;
    if (this.#at > this.#buffer.length * 8) throw new RangeError('past the end');
  }

  /** In two's complement. */
  signed(count: number): number {
    const value = this.unsigned(count);
    return count > 0 && value >= 2 ** (count - 1) ? value - 2 ** count : value;
  }

  /** The number of zeros before the next one, which is taken too. */
  unary(): number {
    let zeros = 0;
    for (;;) {
      const offset = this.#at & 7;
      const byte = this.#buffer[this.#at >> 3];
      if (byte === undefined) throw new RangeError('past the end');
      const rest = (byte << (24 + offset)) >>> 0;
      if (rest !== 0) {
        const run = Math.clz32(rest);
        this.#at += run + 1;
        return zeros + run;
      }
      zeros += 8 - offset;
      this.#at += 8 - offset;
    }
  }
}
