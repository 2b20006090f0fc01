import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MaskedFrames } from '../../../bench/trace/frames.ts';

/** A client's text frame as RFC 6455 writes it. */
function frame(text: string, mask: readonly number[]): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x81;
  if (head.length === 2) head[1] = 0x80 | length;
  else if (head.length === 4) {
    head[1] = 0x80 | 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 0x80 | 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([head, Buffer.from(mask), masked]);
}

const MASK = [0x37, 0xfa, 0x21, 0x3d];

describe('MaskedFrames', () => {
  it('reads the example of the standard', () => {
    const bytes = Buffer.from('818537fa213d7f9f4d5158', 'hex');
    expect(new MaskedFrames().push(bytes).map(String)).toEqual(['Hello']);
  });

  it.each([0, 1, 125, 126, 65_535, 65_536, 70_000])('reads a frame of %d bytes', (length) => {
    const text = 'x'.repeat(length);
    expect(new MaskedFrames().push(frame(text, MASK)).map(String)).toEqual([text]);
  });

  it('leaves the bytes as they were', () => {
    const bytes = frame('Hello', MASK);
    const before = Buffer.from(bytes);
    new MaskedFrames().push(bytes);
    expect(bytes).toEqual(before);
  });

  it('reads the same however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 300 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (texts, cuts) => {
          const bytes = Buffer.concat(texts.map((text) => frame(text, MASK)));
          const frames = new MaskedFrames();
          const read: string[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const next = at + (cuts[turn % cuts.length] ?? 1);
            read.push(...frames.push(bytes.subarray(at, next)).map(String));
            at = next;
          }
          expect(read).toEqual(texts.map((text) => Buffer.from(text).toString()));
        },
      ),
    );
  });
});
