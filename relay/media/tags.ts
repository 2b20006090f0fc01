/** What the tags of a sound are worth: repaired, cleaned and cut. Pure: the tags come from whoever made the file. */
import { LIMITS } from '#contract/model/limits.ts';
import type { MediaTags } from './ports.ts';

/** Tags as a parser reads them. */
export interface RawTags {
  title?: string | undefined;
  artist?: string | undefined;
  artists?: readonly string[] | undefined;
  album?: string | undefined;
  year?: number | undefined;
  genre?: readonly string[] | undefined;
  track?: { no: number | null } | undefined;
  /** In dB. */
  gain?: number | undefined;
}

/** What Windows-1252 has between 0x80 and 0x9F: a parser may have read it as that instead of Latin 1. */
const FROM_1252 = new Map(
  Array.from({ length: 32 }, (_, n): [string, number] => [
    new TextDecoder('windows-1252').decode(Uint8Array.of(0x80 + n)),
    0x80 + n,
  ]),
);

/** The bytes that a text was read from as Latin 1; null when it was not. */
function bytesOf(text: string): Uint8Array | null {
  const bytes: number[] = [];
  for (const character of text) {
    const byte = FROM_1252.get(character) ?? character.codePointAt(0) ?? 0;
    if (byte > 255) return null;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

function decode(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const WORD = /[A-Za-z\u00a8\u00b8\u00c0-\u00ff]+/g;
const HIGH = /[\u00a8\u00b8\u00c0-\u00ff]/g;

/**
 * Whether a text is Cyrillic read as Latin 1: its words consist of nothing but letters that Western languages use one
 * at a time. "Ãðóïïà êðîâè" is; "Motörhead", "déjà vu" and "Ñandú" are not.
 */
function looksCyrillic(text: string): boolean {
  let high = 0;
  let letters = 0;
  for (const [word] of text.matchAll(WORD)) {
    const count = word.match(HIGH)?.length ?? 0;
    if (count === 0) continue;
    high += count;
    letters += word.length;
  }
  return high >= 4 && high / letters >= 0.9;
}

/** UTF-8 read as Latin 1: long enough sequences do not occur by chance. */
function fromUtf8(text: string): string | null {
  if (!/[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u2122]/.test(text)) return null;
  const bytes = bytesOf(text);
  return bytes === null ? null : decode('utf-8', bytes);
}

/**
 * Texts whose encoding was taken for Latin 1, read again: from Windows-1251 or from UTF-8. They are judged together,
 * since programs write all tags of a file alike, and a short one says little by itself.
 */
export function repairTexts(texts: readonly (string | null)[]): (string | null)[] {
  const isCyrillic = looksCyrillic(texts.filter((text) => text !== null).join(' '));
  return texts.map((text) => {
    if (text === null || !/[\u0080-\uffff]/.test(text)) return text;
    const utf8 = fromUtf8(text);
    if (utf8 !== null) return utf8;
    const bytes = isCyrillic ? bytesOf(text) : null;
    return bytes === null ? text : (decode('windows-1251', bytes) ?? text);
  });
}

/** Readable text of at most `max` characters; null when nothing is left. */
function cleaned(text: string | null, max: number): string | null {
  const plain = (text ?? '')
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu, ' ')
    .trim();
  return plain === '' ? null : [...plain].slice(0, max).join('').trimEnd();
}

function whole(value: number | null | undefined, max: number): number | null {
  return value !== null && value !== undefined && Number.isInteger(value) && value > 0 && value <= max ? value : null;
}

/** Several artists are one text, as people write them. */
function artistOf({ artist, artists = [] }: RawTags): string | null {
  return artists.length > 1 ? artists.join(', ') : (artist ?? artists[0] ?? null);
}

/** The largest correction that makes sense, in dB. */
const MOST_GAIN = 60;

function gainOf(gain: number | undefined): number | null {
  if (gain === undefined || !(Math.abs(gain) <= MOST_GAIN)) return null;
  return Math.round(gain * 100) / 100;
}

/** The tags as they are kept. */
export function readTags(raw: RawTags): MediaTags {
  const [title = null, artist = null, album = null, genre = null] = repairTexts([
    raw.title ?? null,
    artistOf(raw),
    raw.album ?? null,
    raw.genre?.[0] ?? null,
  ]);
  return {
    title: cleaned(title, LIMITS.trackTitle.max),
    artist: cleaned(artist, LIMITS.trackTitle.max),
    album: cleaned(album, LIMITS.trackTitle.max),
    genre: cleaned(genre, LIMITS.trackGenre.max),
    year: whole(raw.year, 9999),
    trackNumber: whole(raw.track?.no, 9999),
    gain: gainOf(raw.gain),
  };
}
