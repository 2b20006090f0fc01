/**
 * Reads multipart/form-data (RFC 7578) as a stream: strictly, in bounded memory, and with the whole form required. What
 * is read of a part's headers are its field name, its file name and nothing else: types are found in the bytes.
 */
import { RelayError } from '../errors.ts';

export interface FormPart {
  /** The name of the field. */
  name: string;
  /** As sent, with whatever it holds; null when the part is an ordinary field. */
  fileName: string | null;
  /** The bytes of the part. What is not read when the next part is asked for is skipped. */
  bytes: AsyncIterable<Buffer>;
}

const MAX_HEADER_BYTES = 8 * 1024;
const MAX_PARTS = 32;
const CRLF = Buffer.from('\r\n');
const END_OF_HEADERS = Buffer.from('\r\n\r\n');
/** RFC 2046: 1 to 70 characters, the last one no space. */
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;

function badForm(message: string): RelayError {
  return new RelayError('bad_request', message);
}

/** The parameters of a header value such as `form-data; name="a"`: lower-case names, the first of each counts. */
function parametersOf(value: string): Map<string, string> {
  const found = new Map<string, string>();
  const pattern = /;\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/gsy;
  pattern.lastIndex = value.search(/;|$/);
  for (let match = pattern.exec(value); match; match = pattern.exec(value)) {
    const [, name = '', quoted, bare = ''] = match;
    const key = name.toLowerCase();
    // Only quotes and backslashes are escaped; in C:\dir\file the backslash stands for itself.
    if (!found.has(key)) found.set(key, quoted === undefined ? bare : quoted.replace(/\\(["\\])/g, '$1'));
  }
  return found;
}

/**
 * The boundary in a Content-Type.
 * @throws RelayError `bad_request` when there is none that the standard allows.
 */
export function boundaryOf(contentType: string): string {
  const boundary = parametersOf(contentType).get('boundary') ?? '';
  if (!BOUNDARY.test(boundary)) throw badForm('The form has no valid boundary.');
  return boundary;
}

/** Browsers send UTF-8; a name in another encoding is at least kept apart from others. */
function decoded(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') ? bytes.toString('latin1') : text;
}

/** `UTF-8''name` with percent signs (RFC 5987); null when it is anything else. */
function extended(value: string | undefined): string | null {
  const encoded = /^utf-8'[^']*'(.*)$/is.exec(value ?? '')?.[1];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** What browsers escape in a name (HTML, multipart/form-data encoding algorithm), and nothing more. */
function unescaped(name: string): string {
  return name.replace(/%(22|0D|0A)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** The field and file name in a part's headers. */
function readHeaders(block: Buffer): { name: string; fileName: string | null } {
  let disposition: string | null = null;
  for (const line of decoded(block).split('\r\n')) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    // Folded lines are obsolete, and a bare line break inside a name is an attempt to add headers.
    if (colon < 1 || /[\r\n\0]/.test(line)) throw badForm('A part of the form has invalid headers.');
    if (line.slice(0, colon).toLowerCase() !== 'content-disposition') continue;
    if (disposition !== null) throw badForm('A part of the form has two dispositions.');
    disposition = line.slice(colon + 1).trim();
  }
  if (disposition === null || !/^form-data\s*(?:;|$)/i.test(disposition))
    throw badForm('A part of the form has no name.');
  const parameters = parametersOf(disposition);
  const name = parameters.get('name');
  if (name === undefined) throw badForm('A part of the form has no name.');
  const plain = parameters.get('filename');
  const fileName = extended(parameters.get('filename*')) ?? (plain === undefined ? null : unescaped(plain));
  return { name, fileName };
}

/** Bytes read ahead from a source, taken from the front. */
class Lookahead {
  readonly #source: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  get buffer(): Buffer {
    return this.#buffer;
  }

  /** Reads the next chunk behind what is there; false at the end. */
  async more(): Promise<boolean> {
    if (this.#ended) return false;
    const next: IteratorResult<Buffer, unknown> = await this.#source.next();
    if (next.done === true) this.#ended = true;
    else this.#buffer = this.#buffer.length === 0 ? next.value : Buffer.concat([this.#buffer, next.value]);
    return next.done !== true;
  }

  take(length: number): Buffer {
    const taken = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    return taken;
  }

  /** Takes `expected` if it is next. */
  async takeIf(expected: Buffer): Promise<boolean> {
    while (this.#buffer.length < expected.length && (await this.more()));
    if (!this.#buffer.subarray(0, expected.length).equals(expected)) return false;
    this.take(expected.length);
    return true;
  }

  async drain(): Promise<void> {
    do this.#buffer = Buffer.alloc(0);
    while (await this.more());
  }
}

/** Bytes at the end of a buffer with which `delimiter` could begin; it is not in the buffer. */
function begunAtEnd(buffer: Buffer, delimiter: Buffer): number {
  for (let length = Math.min(buffer.length, delimiter.length - 1); length > 0; length -= 1) {
    if (buffer.subarray(buffer.length - length).equals(delimiter.subarray(0, length))) return length;
  }
  return 0;
}

/** Yields everything up to `delimiter`, and takes the delimiter too. */
async function* until(ahead: Lookahead, delimiter: Buffer): AsyncGenerator<Buffer, void> {
  for (;;) {
    const at = ahead.buffer.indexOf(delimiter);
    if (at !== -1) {
      if (at > 0) yield ahead.take(at);
      ahead.take(delimiter.length);
      return;
    }
    // Only where the delimiter may have begun is anything held back: all other chunks are passed on without a copy.
    const certain = ahead.buffer.length - begunAtEnd(ahead.buffer, delimiter);
    if (certain > 0) yield ahead.take(certain);
    if (!(await ahead.more())) throw badForm('The form is not complete.');
  }
}

async function headersOf(ahead: Lookahead): Promise<Buffer> {
  for (;;) {
    const at = ahead.buffer.indexOf(END_OF_HEADERS);
    if (at > MAX_HEADER_BYTES || (at === -1 && ahead.buffer.length > MAX_HEADER_BYTES)) {
      throw badForm('A part of the form has too many headers.');
    }
    if (at !== -1) {
      const block = Buffer.from(ahead.take(at));
      ahead.take(END_OF_HEADERS.length);
      return block;
    }
    if (!(await ahead.more())) throw badForm('The form is not complete.');
  }
}

/**
 * The parts of a form in order. Ends only when the closing boundary was there; what follows it is ignored.
 * @param contentType of the request, with its boundary.
 * @throws RelayError `bad_request` for anything that is not a complete form, and whatever the source throws.
 */
export async function* readForm(source: AsyncIterable<Buffer>, contentType: string): AsyncGenerator<FormPart, void> {
  const boundary = Buffer.from(`--${boundaryOf(contentType)}`, 'latin1');
  const delimiter = Buffer.concat([CRLF, boundary]);
  const ahead = new Lookahead(source);
  if (!(await ahead.takeIf(boundary))) throw badForm('The form does not begin with its boundary.');
  for (let parts = 0; ; parts += 1) {
    if (await ahead.takeIf(Buffer.from('--'))) break;
    if (!(await ahead.takeIf(CRLF))) throw badForm('The form has an invalid boundary.');
    if (parts === MAX_PARTS) throw badForm('The form has too many parts.');
    const { name, fileName } = readHeaders(await headersOf(ahead));
    const bytes = until(ahead, delimiter);
    // Iterating it with for-await must not end it: the rest is skipped here.
    yield { name, fileName, bytes: { [Symbol.asyncIterator]: () => ({ next: () => bytes.next() }) } };
    while ((await bytes.next()).done !== true);
  }
  await ahead.drain();
}
