/** A file and a few fields as a multipart body (RFC 7578) of known length, generated while it is read. */
import { randomBytes } from 'node:crypto';
import type { UploadFile } from '../ports.ts';

export interface MultipartBody {
  contentType: string;
  /** Bytes of the whole body. */
  length: number;
  /** What precedes and follows the file's own bytes. */
  head: Buffer;
  tail: Buffer;
}

const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/i;

/** A file's name as browsers write it: what could end the quotes or the line is escaped, other controls are removed. */
function quotedName(name: string): string {
  const last = name.toWellFormed().split(/[\\/]/).at(-1) ?? '';
  const escaped = last.replace(/[\r\n"]/g, (mark) => (mark === '"' ? '%22' : mark === '\r' ? '%0D' : '%0A'));
  return escaped.replace(/\p{Cc}/gu, '') || 'file';
}

/**
 * Lays out the body; null if the name of a field is invalid. The boundary is random, so that no content can contain it.
 */
export function layOutMultipart(file: UploadFile, fields: Readonly<Record<string, string>> = {}): MultipartBody | null {
  if (!Object.keys(fields).every((name) => FIELD_NAME.test(name))) return null;
  const boundary = `relay-${randomBytes(24).toString('hex')}`;
  let head = '';
  for (const [name, value] of Object.entries(fields)) {
    head += `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  }
  const type = MEDIA_TYPE.test(file.mimeType) ? file.mimeType : 'application/octet-stream';
  head += `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quotedName(file.name)}"\r\nContent-Type: ${type}\r\n\r\n`;
  const before = Buffer.from(head, 'utf8');
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1');
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: before.length + file.source.size + tail.length,
    head: before,
    tail,
  };
}
