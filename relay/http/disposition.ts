/** How a browser or another client is told to treat a file: shown or kept, and under which name. Pure. */

/** What may be shown in place: nothing of it runs a script. Everything else is kept as a file. */
const INLINE = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/apng',
  'audio/mpeg',
  'audio/mp4',
  'audio/aac',
  'audio/flac',
  'audio/ogg',
  'audio/wav',
  'audio/webm',
  'video/mp4',
  'video/webm',
  'video/ogg',
]);

const NAME = '[a-z0-9][a-z0-9!#$&^_.+-]{0,126}';
const MEDIA_TYPE = new RegExp(`^${NAME}/${NAME}(?:; ?charset=utf-8)?$`, 'i');

/** A media type as it may stand in a header; what is none is a stream of bytes. */
export function safeMediaType(type: string): string {
  return MEDIA_TYPE.test(type) ? type : 'application/octet-stream';
}

/** Line ends and other controls, halves of a character, and what turns the direction of writing. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The last part of a name, without what could lead elsewhere or hide. */
function plainName(name: string): string {
  const last = name.toWellFormed().replace(HIDDEN, '').split(/[\\/]/).at(-1) ?? '';
  return last.replace(/^\.+$/, '') === '' ? 'file' : last;
}

/** `Content-Disposition` (RFC 6266) for a file of this type and name, whatever the name holds. */
export function contentDisposition(type: string, name: string): string {
  const plain = plainName(name);
  const ascii = plain.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = encodeURIComponent(plain).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const how = INLINE.has(type.toLowerCase()) ? 'inline' : 'attachment';
  return `${how}; filename="${ascii}"; filename*=UTF-8''${full}`;
}
