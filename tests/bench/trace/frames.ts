/** Reads what a client sends over a WebSocket: frames whose bytes are masked (RFC 6455, section 5). */

interface Header {
  /** Bytes before the payload. */
  length: number;
  payload: number;
  mask: Buffer;
}

function readHeader(bytes: Buffer): Header | null {
  const [, second] = bytes;
  if (second === undefined) return null;
  const short = second & 0x7f;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  const length = 2 + extra + 4;
  if (bytes.length < length) return null;
  const payload = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return { length, payload, mask: bytes.subarray(length - 4, length) };
}

/** Takes the bytes of one direction as they come, and gives back the payload of each frame that is whole. */
export class MaskedFrames {
  #rest: Buffer = Buffer.alloc(0);

  push(bytes: Uint8Array): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const payloads: Buffer[] = [];
    for (;;) {
      const header = readHeader(this.#rest);
      if (!header || this.#rest.length < header.length + header.payload) return payloads;
      const end = header.length + header.payload;
      payloads.push(unmask(this.#rest.subarray(header.length, end), header.mask));
      this.#rest = this.#rest.subarray(end);
    }
  }
}

/** A copy: the bytes themselves are on their way. */
function unmask(bytes: Buffer, mask: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
}
