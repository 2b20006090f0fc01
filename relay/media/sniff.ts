/**
 * The media type of a file by its first bytes: an allow-list of pictures, videos, sounds and documents. Pure.
 *
 * Whatever could run as a page (HTML, SVG, any XML) is no type of the list, and neither is anything unknown: both are
 * `application/octet-stream`, which is only ever saved.
 */

import { id3Bytes } from './formats/id3.ts';
import { mpegFrame } from './formats/mpeg-frame.ts';

/** Bytes from the begin of a file that decide its type. */
export const HEAD_BYTES = 16 * 1024;

export const UNKNOWN_TYPE = 'application/octet-stream';

/** One rule: the type when the bytes fit, else null. */
type Rule = (head: Buffer) => string | null;

const latin1 = (head: Buffer, from = 0, to = head.length): string => head.toString('latin1', from, to);

const at = (head: Buffer, offset: number, text: string): boolean =>
  head.length >= offset + text.length && latin1(head, offset, offset + text.length) === text;

const starts =
  (magic: string, type: string): Rule =>
  (head) =>
    at(head, 0, magic) ? type : null;

/** An animated PNG says so before its first image data. */
const png: Rule = (head) => {
  if (!at(head, 0, '\x89PNG\r\n\x1a\n') || !at(head, 12, 'IHDR')) return null;
  for (let place = 8; place + 8 <= head.length;) {
    const name = latin1(head, place + 4, place + 8);
    if (name === 'acTL') return 'image/apng';
    if (name === 'IDAT') break;
    place += 12 + head.readUInt32BE(place);
  }
  return 'image/png';
};

const riff: Rule = (head) => {
  if (!at(head, 0, 'RIFF') && !at(head, 0, 'RF64')) return null;
  if (at(head, 8, 'WEBP')) return 'image/webp';
  if (at(head, 8, 'WAVE')) return 'audio/wav';
  return at(head, 8, 'AVI ') ? 'video/x-msvideo' : null;
};

const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^avi[fs]$/, 'image/avif'],
  [/^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/, 'image/heic'],
  [/^qt {2}$/, 'video/quicktime'],
  [/^(?:M4A|M4B|M4P|F4A|F4B)/, 'audio/mp4'],
  [/^3g/, 'video/3gpp'],
  [/^(?:iso|mp4|mp7|avc1|dash|M4V|f4v|F4V|MSNV|mmp4|NDS|CAEP|cmf|piff|hvc1|hev1)/, 'video/mp4'],
];

/** The brands of an ISO file, the major one first. A picture format in any of them makes it that picture. */
const iso: Rule = (head) => {
  if (!at(head, 4, 'ftyp'))
    return at(head, 4, 'moov') || at(head, 4, 'mdat') || at(head, 4, 'wide') ? 'video/quicktime' : null;
  const end = Math.min(head.length, head.readUInt32BE(0), 256);
  const brands = [latin1(head, 8, 12)];
  for (let place = 16; place + 4 <= end; place += 4) brands.push(latin1(head, place, place + 4));
  // An AVIF may name the general picture brand first.
  if (brands.some((brand) => /^avi[fs]$/.test(brand))) return 'image/avif';
  for (const brand of brands) {
    const known = BRANDS.find(([pattern]) => pattern.test(brand));
    if (!known) continue;
    const isSound = known[1] === 'video/mp4' && !hasTrack(head, 'vide') && hasTrack(head, 'soun');
    return isSound ? 'audio/mp4' : known[1];
  }
  return null;
};

/** Whether a track of this kind is described within the head: recorders write their sound as a plain MP4. */
function hasTrack(head: Buffer, handler: string): boolean {
  for (let place = head.indexOf('hdlr', 0, 'latin1'); place !== -1; place = head.indexOf('hdlr', place + 4, 'latin1')) {
    if (at(head, place + 12, handler)) return true;
  }
  return false;
}

/** Matroska names its kind, and its tracks soon after. */
const ebml: Rule = (head) => {
  if (!at(head, 0, '\x1aE\xdf\xa3')) return null;
  const start = head.subarray(0, 4096);
  if (start.includes('webm', 0, 'latin1'))
    return /V_[A-Z]/.test(latin1(head)) || !/A_[A-Z]/.test(latin1(head)) ? 'video/webm' : 'audio/webm';
  return start.includes('matroska', 0, 'latin1') ? 'video/x-matroska' : null;
};

const ogg: Rule = (head) => {
  if (!at(head, 0, 'OggS')) return null;
  const packets = latin1(head, 0, 512);
  return packets.includes('\x80theora') || packets.includes('\x01video') ? 'video/ogg' : 'audio/ogg';
};

const mpegLength = (head: Buffer, place: number): number | null => mpegFrame(head, place)?.length ?? null;

/** Length in bytes of the ADTS frame at a place; null when there is none. */
function adtsFrame(head: Buffer, place: number): number | null {
  if (place + 7 > head.length || head[place] !== 0xff || ((head[place + 1] ?? 0) & 0xf6) !== 0xf0) return null;
  if (((head[place + 2] ?? 0) & 0x3c) > 0x30) return null;
  const length = (head.readUInt32BE(place + 2) >>> 5) & 0x1fff;
  return length < 7 ? null : length;
}

/** Two frames in a row: the eleven bits of one alone occur by chance. */
function twoFrames(head: Buffer, place: number, frame: (head: Buffer, place: number) => number | null): boolean {
  const first = frame(head, place);
  if (first === null) return false;
  return place + first + 7 > head.length || frame(head, place + first) !== null;
}

const mpeg: Rule = (head) => {
  if (twoFrames(head, 0, mpegLength)) return 'audio/mpeg';
  return twoFrames(head, 0, adtsFrame) ? 'audio/aac' : null;
};

/** Sound behind a tag. A tag with a cover is longer than the head, and almost always stands before MP3. */
const tagged: Rule = (head) => {
  const size = id3Bytes(head);
  if (size === 0) return null;
  const rest = head.subarray(size);
  if (at(rest, 0, 'fLaC')) return 'audio/flac';
  return twoFrames(rest, 0, adtsFrame) && !twoFrames(rest, 0, mpegLength) ? 'audio/aac' : 'audio/mpeg';
};

const OFFICE = 'application/vnd.openxmlformats-officedocument.';
const ZIPPED: readonly (readonly [string, string])[] = [
  ['word/', `${OFFICE}wordprocessingml.document`],
  ['xl/', `${OFFICE}spreadsheetml.sheet`],
  ['ppt/', `${OFFICE}presentationml.presentation`],
];

/** Office documents are zip files: named by their first entries. */
const zip: Rule = (head) => {
  if (!at(head, 0, 'PK\x03\x04') && !at(head, 0, 'PK\x05\x06')) return null;
  if (at(head, 30, 'mimetype')) {
    const declared = /^mimetype(application\/(?:epub\+zip|vnd\.oasis\.opendocument\.[a-z]{1,32}))/.exec(
      latin1(head, 30, 160),
    );
    if (declared?.[1] !== undefined) return declared[1];
  }
  for (let place = 0; place !== -1; place = head.indexOf('PK\x03\x04', place + 4, 'latin1')) {
    const known = ZIPPED.find(([folder]) => at(head, place + 30, folder));
    if (known) return known[1];
  }
  return 'application/zip';
};

const RULES: readonly Rule[] = [
  png,
  starts('\xff\xd8\xff', 'image/jpeg'),
  starts('GIF87a', 'image/gif'),
  starts('GIF89a', 'image/gif'),
  riff,
  iso,
  ebml,
  ogg,
  starts('fLaC', 'audio/flac'),
  tagged,
  (head) => (at(head, 0, 'FORM') && (at(head, 8, 'AIFF') || at(head, 8, 'AIFC')) ? 'audio/aiff' : null),
  starts('0&\xb2u\x8ef\xcf\x11', 'audio/x-ms-wma'),
  starts('#!AMR', 'audio/amr'),
  starts('MThd', 'audio/midi'),
  starts('%PDF-', 'application/pdf'),
  zip,
  starts("7z\xbc\xaf'\x1c", 'application/x-7z-compressed'),
  starts('Rar!\x1a\x07', 'application/vnd.rar'),
  starts('\x1f\x8b\x08', 'application/gzip'),
  starts('{\\rtf', 'application/rtf'),
  starts('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'application/x-ole-storage'),
  (head) => (at(head, 0, 'II*\0') || at(head, 0, 'MM\0*') ? 'image/tiff' : null),
  (head) => (at(head, 0, 'BM') && head.length > 26 && head.readUInt32LE(6) === 0 ? 'image/bmp' : null),
  mpeg,
];

/** Anything a browser might take for a page, wherever it begins. */
const MARKUP = /<(?:!doctype|html|head|body|script|svg|\?xml|iframe|style|[a-z]+:?[a-z]*\s[^>]*xmlns)/i;
const TEXT_NAMES: Readonly<Record<string, string>> = { csv: 'text/csv', md: 'text/markdown', json: 'application/json' };

/** Text without controls, in UTF-8. The head may end within a character. */
function isText(head: Buffer): boolean {
  if (head.length === 0 || head.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127))
    return false;
  const text = new TextDecoder('utf-8', { fatal: true });
  try {
    text.decode(head, { stream: true });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/**
 * The media type of a file.
 * @param head its first HEAD_BYTES bytes, or all of them.
 * @param name decides between kinds of plain text, and nothing else.
 */
export function sniffType(head: Buffer, name: string): string {
  for (const rule of RULES) {
    const type = rule(head);
    if (type !== null) return type;
  }
  if (!isText(head) || MARKUP.test(head.toString('utf8'))) return UNKNOWN_TYPE;
  const extension = /\.([a-z]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return TEXT_NAMES[extension] ?? 'text/plain';
}
