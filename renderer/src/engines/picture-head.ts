/**
 * The size of a picture from its first bytes, for servers that do not state it: a small file may hold a picture that
 * takes gigabytes to decode, and nothing but its head says so.
 */

/** Bytes asked for: the size of a JPEG stands behind its tags and embedded preview. */
export const HEAD_BYTES = 262_144;

export interface HeadSize {
  width: number;
  height: number;
}

const ascii = (bytes: DataView, at: number, length: number): string =>
  at + length > bytes.byteLength
    ? ''
    : String.fromCharCode(...Array.from({ length }, (_, index) => bytes.getUint8(at + index)));

function png(bytes: DataView): HeadSize | null {
  if (bytes.byteLength < 24 || bytes.getUint32(0) !== 0x89504e47 || ascii(bytes, 12, 4) !== 'IHDR') return null;
  return { width: bytes.getUint32(16), height: bytes.getUint32(20) };
}

function gif(bytes: DataView): HeadSize | null {
  if (bytes.byteLength < 10 || !/^GIF8[79]a$/.test(ascii(bytes, 0, 6))) return null;
  return { width: bytes.getUint16(6, true), height: bytes.getUint16(8, true) };
}

function webp(bytes: DataView): HeadSize | null {
  if (bytes.byteLength < 30 || ascii(bytes, 0, 4) !== 'RIFF' || ascii(bytes, 8, 4) !== 'WEBP') return null;
  const triple = (at: number): number => bytes.getUint16(at, true) | (bytes.getUint8(at + 2) << 16);
  switch (ascii(bytes, 12, 4)) {
    case 'VP8X':
      return { width: triple(24) + 1, height: triple(27) + 1 };
    case 'VP8L': {
      const bits = bytes.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: bytes.getUint16(26, true) & 0x3fff, height: bytes.getUint16(28, true) & 0x3fff };
    default:
      return null;
  }
}

/** Markers with the size of the frame: all start-of-frame ones, without the tables among them. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpeg(bytes: DataView): HeadSize | null {
  if (bytes.byteLength < 4 || bytes.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 <= bytes.byteLength;) {
    if (bytes.getUint8(at) !== 0xff) return null;
    const marker = bytes.getUint8(at + 1);
    // Fill bytes may precede a marker.
    if (marker === 0xff) at += 1;
    else if (isFrame(marker)) return { width: bytes.getUint16(at + 7), height: bytes.getUint16(at + 5) };
    else at += 2 + Math.max(2, bytes.getUint16(at + 2));
  }
  return null;
}

/** The size, as stored; null when these bytes do not say. Pure. */
export function headSize(head: Uint8Array): HeadSize | null {
  const bytes = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const size = png(bytes) ?? gif(bytes) ?? webp(bytes) ?? jpeg(bytes);
  return size && size.width > 0 && size.height > 0 ? size : null;
}

/** Asks for the head of a picture; null when it cannot be read, or does not say. */
export async function readHeadSize(address: string): Promise<HeadSize | null> {
  try {
    const answer = await fetch(address, { headers: { Range: `bytes=0-${String(HEAD_BYTES - 1)}` } });
    return answer.ok ? headSize(new Uint8Array(await answer.arrayBuffer())) : null;
  } catch (error) {
    console.warn('the head of a picture cannot be read', error);
    return null;
  }
}
