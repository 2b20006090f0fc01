/** How browsers and other clients should treat a file: inline or attachment, and under which name. Pure. */
import { INLINE_TYPES } from '#contract/model/media-types.ts';

const NAME = '[a-z0-9][a-z0-9!#$&^_.+-]{0,126}';
const MEDIA_TYPE = new RegExp(`^${NAME}/${NAME}(?:; ?charset=utf-8)?$`, 'i');

/** A media type that is safe in a header; anything invalid becomes application/octet-stream. */
export function safeMediaType(type: string): string {
  return MEDIA_TYPE.test(type) ? type : 'application/octet-stream';
}

/** Control characters and line breaks, bidirectional formatting, and the byte order mark. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The last path segment of a name, without characters that could traverse paths or hide something. */
function plainName(name: string): string {
  const last = name.toWellFormed().replace(HIDDEN, '').split(/[\\/]/).at(-1) ?? '';
  return last.replace(/^\.+$/, '') === '' ? 'file' : last;
}

/** `Content-Disposition` (RFC 6266) for a file of this type and any name. */
export function contentDisposition(type: string, name: string): string {
  const plain = plainName(name);
  const ascii = plain.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = encodeURIComponent(plain).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const how = INLINE_TYPES.has(type.toLowerCase()) ? 'inline' : 'attachment';
  return `${how}; filename="${ascii}"; filename*=UTF-8''${full}`;
}
