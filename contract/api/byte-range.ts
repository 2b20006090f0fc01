/**
 * Byte ranges and entity tags of HTTP (RFC 9110, sections 8.8.3, 13 and 14), for both who answer them: the relay's files and
 * the app's own media. One range at a time: a request for several is answered whole, as the RFC allows. Pure.
 */

/** A part of a body. Both ends are inclusive and count from 0, as HTTP has it. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A part as it is asked for, before the size is known: from a place on, up to another, or the last so many bytes. */
export type AskedRange = { start: number; end: number | null } | { last: number };

/** Nobody's file has more bytes; what is longer is no number that could be counted with. */
const LONGEST_DIGITS = 15;

function readPosition(digits: string): number {
  // Any number past the largest size means the same.
  return digits.replace(/^0+(?=\d)/, '').length > LONGEST_DIGITS ? Number.MAX_SAFE_INTEGER : Number(digits);
}

/** Reads a `Range` header; null where there is none, or none that counts: then the whole is meant. */
export function readRange(header: string | null | undefined): AskedRange | null {
  const found = /^bytes=[\t ]*(\d{0,64})-(\d{0,64})[\t ]*$/i.exec(header ?? '');
  const [, first = '', last = ''] = found ?? [];
  if (!found || (first === '' && last === '')) return null;
  if (first === '') return { last: readPosition(last) };
  const start = readPosition(first);
  const end = last === '' ? null : readPosition(last);
  // A range that ends before it begins is no range, and counts as none.
  return end !== null && end < start ? null : { start, end };
}

/** The bytes that `asked` means in a body of `size` bytes; null when there are none such. */
export function resolveRange(asked: AskedRange, size: number): ByteRange | null {
  if ('last' in asked) {
    if (asked.last === 0 || size === 0) return null;
    return { start: Math.max(0, size - asked.last), end: size - 1 };
  }
  if (asked.start >= size) return null;
  return { start: asked.start, end: Math.min(asked.end ?? size - 1, size - 1) };
}

/** Writes a range for a `Range` header. */
export function writeRange(range: { start: number; end?: number | undefined }): string {
  return `bytes=${String(range.start)}-${range.end === undefined ? '' : String(range.end)}`;
}

/** `Content-Range` of a part, or of a refusal where the range is null. */
export function writeContentRange(range: ByteRange | null, size: number): string {
  return `bytes ${range ? `${String(range.start)}-${String(range.end)}` : '*'}/${String(size)}`;
}

/** Reads the `Content-Range` of a 206; null where it makes no sense. `size` is null where the sender does not know it. */
export function readContentRange(header: string | null | undefined): (ByteRange & { size: number | null }) | null {
  const found = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(header ?? '');
  if (!found) return null;
  const [start, end] = [Number(found[1]), Number(found[2])];
  const size = found[3] === '*' ? null : Number(found[3]);
  return end < start || (size !== null && end >= size) ? null : { start, end, size };
}

/** A strong entity tag in its quotes. @throws RangeError when `tag` holds what may not stand in one. */
export function entityTag(tag: string): string {
  if (!/^[\x21\x23-\x7e]{1,256}$/.test(tag)) throw new RangeError('no entity tag');
  return `"${tag}"`;
}

/** True when `If-None-Match` names the tag: the client holds what would be sent. Weak tags count, as the RFC has it. */
export function holdsTag(header: string | null | undefined, etag: string | null): boolean {
  if (header === null || header === undefined || etag === null) return false;
  if (header.trim() === '*') return true;
  return [...header.matchAll(/(?:W\/)?("[\x21\x23-\x7e]*")/g)].some(([, tag]) => tag === etag);
}

/** True when a `Range` counts in spite of its `If-Range`: there is none, or it names exactly this strong tag. */
export function rangeCounts(ifRange: string | null | undefined, etag: string | null): boolean {
  return ifRange === null || ifRange === undefined || (etag !== null && ifRange.trim() === etag);
}

/** What a request for a body of a known size gets. */
export interface PartAnswer {
  status: 200 | 206 | 304 | 416;
  /** The bytes to send; null where there are none. */
  part: ByteRange | null;
  /** What the answer's headers say of it, by their names in lower case. */
  headers: Record<string, string>;
}

/**
 * Decides what a GET or HEAD gets: the whole, a part, the word that nothing has changed, or that there is no such part.
 * @param of `etag` with its quotes, as `entityTag` writes it.
 */
export function answerPart(
  asked: { range?: string | undefined; ifRange?: string | undefined; ifNoneMatch?: string | undefined },
  of: { size: number; etag: string | null },
): PartAnswer {
  const tag: Record<string, string> = of.etag === null ? {} : { etag: of.etag };
  if (holdsTag(asked.ifNoneMatch, of.etag)) return { status: 304, part: null, headers: tag };
  const headers: Record<string, string> = { 'accept-ranges': 'bytes', ...tag };
  const range = rangeCounts(asked.ifRange, of.etag) ? readRange(asked.range) : null;
  if (range === null) {
    const part = of.size === 0 ? null : { start: 0, end: of.size - 1 };
    return { status: 200, part, headers: { ...headers, 'content-length': String(of.size) } };
  }
  const part = resolveRange(range, of.size);
  headers['content-range'] = writeContentRange(part, of.size);
  if (part === null) return { status: 416, part, headers };
  return { status: 206, part, headers: { ...headers, 'content-length': String(part.end - part.start + 1) } };
}
