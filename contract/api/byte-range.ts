/**
 * HTTP byte ranges and entity tags (RFC 9110, sections 8.8.3, 13 and 14), for both servers of bytes: the relay's files
 * and the app's own media. One range at a time: a request for several gets the whole body, as the RFC allows. Pure.
 */

/** Part of a body. Both ends are inclusive and zero-based, as in HTTP. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A requested range before the size is known: from an offset, optionally up to another, or the last N bytes. */
export type AskedRange = { start: number; end: number | null } | { last: number };

/** No file has a size with more digits, and a longer number may not be a safe integer. */
const LONGEST_DIGITS = 15;

function readPosition(digits: string): number {
  // Any number beyond the largest size means the same.
  return digits.replace(/^0+(?=\d)/, '').length > LONGEST_DIGITS ? Number.MAX_SAFE_INTEGER : Number(digits);
}

/** Parses a `Range` header; null when there is none or it is to be ignored, which means the whole body. */
export function readRange(header: string | null | undefined): AskedRange | null {
  const found = /^bytes=[\t ]*(\d{0,64})-(\d{0,64})[\t ]*$/i.exec(header ?? '');
  const [, first = '', last = ''] = found ?? [];
  if (!found || (first === '' && last === '')) return null;
  if (first === '') return { last: readPosition(last) };
  const start = readPosition(first);
  const end = last === '' ? null : readPosition(last);
  // A range that ends before it starts is invalid and ignored.
  return end !== null && end < start ? null : { start, end };
}

/** Resolves `asked` against a body of `size` bytes; null when it cannot be satisfied. */
export function resolveRange(asked: AskedRange, size: number): ByteRange | null {
  if ('last' in asked) {
    if (asked.last === 0 || size === 0) return null;
    return { start: Math.max(0, size - asked.last), end: size - 1 };
  }
  if (asked.start >= size) return null;
  return { start: asked.start, end: Math.min(asked.end ?? size - 1, size - 1) };
}

/** Formats a range for a `Range` header. */
export function writeRange(range: { start: number; end?: number | undefined }): string {
  return `bytes=${String(range.start)}-${range.end === undefined ? '' : String(range.end)}`;
}

/** `Content-Range` of a part, or of a 416 when the range is null. */
export function writeContentRange(range: ByteRange | null, size: number): string {
  return `bytes ${range ? `${String(range.start)}-${String(range.end)}` : '*'}/${String(size)}`;
}

/** Parses the `Content-Range` of a 206; null when it is invalid. `size` is null when the sender does not know it. */
export function readContentRange(header: string | null | undefined): (ByteRange & { size: number | null }) | null {
  const found = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(header ?? '');
  if (!found) return null;
  const [start, end] = [Number(found[1]), Number(found[2])];
  const size = found[3] === '*' ? null : Number(found[3]);
  return end < start || (size !== null && end >= size) ? null : { start, end, size };
}

/** A strong entity tag in quotes. @throws RangeError when `tag` is empty, too long or holds a forbidden character. */
export function entityTag(tag: string): string {
  if (!/^[\x21\x23-\x7e]{1,256}$/.test(tag)) throw new RangeError('no entity tag');
  return `"${tag}"`;
}

/** True when `If-None-Match` names the tag: the client already has the body. Weak tags match too, as the RFC says. */
export function holdsTag(header: string | null | undefined, etag: string | null): boolean {
  if (header === null || header === undefined || etag === null) return false;
  if (header.trim() === '*') return true;
  return [...header.matchAll(/(?:W\/)?("[\x21\x23-\x7e]*")/g)].some(([, tag]) => tag === etag);
}

/** True when `If-Range` lets a `Range` apply: the header is absent, or names exactly this strong tag. */
export function rangeCounts(ifRange: string | null | undefined, etag: string | null): boolean {
  return ifRange === null || ifRange === undefined || (etag !== null && ifRange.trim() === etag);
}

/** The answer to a request for a body of known size. */
export interface PartAnswer {
  status: 200 | 206 | 304 | 416;
  /** The bytes to send; null when there are none. */
  part: ByteRange | null;
  /** Response headers by lower-case name. */
  headers: Record<string, string>;
}

/**
 * Decides how to answer a GET or HEAD: the whole body, a part, 304 or 416.
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
