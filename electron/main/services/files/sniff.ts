/**
 * The type of a file by its first bytes, as far as it matters here: what may be shown or played must be what it says.
 * Everything else is named by its extension, from a list in which nothing is shown or played. Pure.
 */
import { fileKind, inlineType } from '#contract/model/media-types.ts';

/** Bytes from the start of a file that are looked at. */
export const SNIFFED_BYTES = 4096;

const UNKNOWN = 'application/octet-stream';

const text = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
const startsWith = (bytes: Uint8Array, ...wanted: number[]): boolean =>
  bytes.length >= wanted.length && wanted.every((byte, n) => bytes[n] === byte);

/** Brands of the ISO container that say more than "a film". */
const BRANDS: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  avis: 'image/avif',
  heic: 'image/heic',
  heix: 'image/heic',
  hevc: 'image/heic',
  heim: 'image/heic',
  heis: 'image/heic',
  mif1: 'image/heif',
  msf1: 'image/heif',
  'M4A ': 'audio/mp4',
  'M4B ': 'audio/mp4',
  'F4A ': 'audio/mp4',
  'qt  ': 'video/quicktime',
};

function isoType(bytes: Uint8Array): string | null {
  if (text(bytes, 4, 8) !== 'ftyp') return null;
  const major = BRANDS[text(bytes, 8, 12)];
  // A general brand may stand first; the picture's own follows among the compatible ones.
  if (major === undefined || major === 'image/heif') {
    for (let at = 16; at + 4 <= Math.min(bytes.length, 64); at += 4) {
      const type = BRANDS[text(bytes, at, at + 4)];
      if (type === 'image/avif' || type === 'image/heic') return type;
    }
  }
  return major ?? 'video/mp4';
}

function riffType(bytes: Uint8Array): string | null {
  if (text(bytes, 0, 4) !== 'RIFF') return null;
  const form = text(bytes, 8, 12);
  if (form === 'WEBP') return 'image/webp';
  return form === 'WAVE' ? 'audio/wav' : null;
}

function pngType(bytes: Uint8Array): string | null {
  return startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) ? 'image/png' : null;
}

function oggType(bytes: Uint8Array): string | null {
  if (text(bytes, 0, 4) !== 'OggS') return null;
  const head = text(bytes, 28, 128);
  return /theora|video/.test(head) ? 'video/ogg' : 'audio/ogg';
}

function matroskaType(bytes: Uint8Array): string | null {
  if (!startsWith(bytes, 0x1a, 0x45, 0xdf, 0xa3)) return null;
  return text(bytes, 0, 64).includes('webm') ? 'video/webm' : 'video/x-matroska';
}

/** MPEG's layers II and III, and AAC in ADTS. Layer I is out of use, and its mark is that of a text in UTF-16. */
function mpegAudioType(bytes: Uint8Array): string | null {
  if (text(bytes, 0, 3) === 'ID3') return 'audio/mpeg';
  const [first = 0, second = 0, third = 0] = bytes;
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return null;
  if ((second & 0xf6) === 0xf0) return 'audio/aac';
  const layer = second & 0x06;
  const hasLayer = (layer === 0x02 || layer === 0x04) && (second & 0x18) !== 0x08;
  return hasLayer && (third & 0xf0) !== 0xf0 && (third & 0x0c) !== 0x0c ? 'audio/mpeg' : null;
}

/** The type that the bytes prove; null when they prove none. */
export function sniff(bytes: Uint8Array): string | null {
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (/^GIF8[79]a/.test(text(bytes, 0, 6))) return 'image/gif';
  if (text(bytes, 0, 4) === 'fLaC') return 'audio/flac';
  if (text(bytes, 0, 5) === '%PDF-') return 'application/pdf';
  return (
    pngType(bytes) ?? riffType(bytes) ?? isoType(bytes) ?? matroskaType(bytes) ?? oggType(bytes) ?? mpegAudioType(bytes)
  );
}

/** Documents by extension: what is not here has no type. None of them is shown here. */
const BY_EXTENSION: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  xml: 'application/xml',
  rtf: 'application/rtf',
  zip: 'application/zip',
  gz: 'application/gzip',
  '7z': 'application/x-7z-compressed',
  rar: 'application/vnd.rar',
  tar: 'application/x-tar',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  epub: 'application/epub+zip',
};

/** Container types of which sound alone is told from film only by what the sender says. */
const SOUND_OF: Readonly<Record<string, string>> = {
  'video/mp4': 'audio/mp4',
  'video/webm': 'audio/webm',
  'video/ogg': 'audio/ogg',
};

/**
 * The type of a file: what its bytes prove, else what its extension says of a document.
 * @param said the type that the page recorded it as; it only decides between sound and film.
 */
export function typeOf(bytes: Uint8Array, name: string, said = ''): string {
  const proven = sniff(bytes);
  const extension = /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (proven !== null) {
    const sound = SOUND_OF[proven];
    const isSound = sound !== undefined && (inlineType(said) === sound || extension === 'm4a' || extension === 'weba');
    return isSound ? sound : proven;
  }
  const documented = Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
  return documented !== undefined && fileKind(documented) === 'document' ? documented : UNKNOWN;
}
