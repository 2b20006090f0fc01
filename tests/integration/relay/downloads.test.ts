/** Bodies that stream out of the relay, from real files over real sockets. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RelayError } from '../../../relay/errors.ts';
import {
  fileReply,
  startBytesRelay,
  TOKEN,
  type BytesRelay,
  type BytesRelayOptions,
} from '../../helpers/bytes-relay.ts';
import { ownFolder, until } from '../../helpers/main-parts.ts';
import { beginRequest, jsonOf, sendRequest, type RawAnswer } from '../../helpers/raw-request.ts';

const SIZE = 100_000;
const ETAG = '"tag-of-it"';
let own: Awaited<ReturnType<typeof ownFolder>>;
let bytes: Buffer;
let file: string;
let relay: BytesRelay;
let expectedFaults: RegExp | null;

beforeEach(async () => {
  own = await ownFolder();
  bytes = randomBytes(SIZE);
  file = join(own.folder, 'thing');
  await writeFile(file, bytes);
  expectedFaults = null;
});
afterEach(async () => {
  await relay.close();
  if (expectedFaults === null) expect(relay.faults()).toEqual([]);
  else expect(relay.faults().join('\n')).toMatch(expectedFaults);
  await own.remove();
});

type Things = NonNullable<BytesRelayOptions['things']>;
async function serving(things: Things, limits: BytesRelayOptions['limits'] = {}): Promise<void> {
  relay = await startBytesRelay({ things, limits });
}

const get = (id: string, headers: Record<string, string> = {}, method = 'GET'): Promise<RawAnswer> =>
  sendRequest(`${relay.url}/api/things/${id}`, { headers, method });
const codeOf = (answer: RawAnswer): string => jsonOf<{ error: { code: string } }>(answer).error.code;

/** A source that says how much of it was read, and whether it was ended. */
function counting(size: number): { source: () => AsyncIterable<Buffer>; read: () => number; ended: () => boolean } {
  let read = 0;
  let ended = false;
  const chunk = Buffer.alloc(64 * 1024, 7);
  async function* produce(): AsyncGenerator<Buffer> {
    try {
      for (let left = size; left > 0; left -= chunk.length) {
        read += chunk.length;
        yield chunk.subarray(0, Math.min(left, chunk.length));
      }
    } finally {
      ended = true;
    }
  }
  return { source: produce, read: () => read, ended: () => ended };
}

/** A client that asks and then reads nothing until it is told to. */
async function sleepyReader(id: string): Promise<Socket> {
  const socket = connect({ port: relay.port, host: '127.0.0.1' });
  socket.pause();
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write(`GET /api/things/${id} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
  return socket;
}

describe('a file', () => {
  it.each<[string, Record<string, string>, number, [number, number] | null, Record<string, string | undefined>]>([
    ['whole', {}, 200, [0, SIZE], { 'content-length': String(SIZE), 'content-range': undefined }],
    ['a part', { range: 'bytes=10-19' }, 206, [10, 20], { 'content-range': `bytes 10-19/${String(SIZE)}` }],
    ['the rest', { range: 'bytes=99000-' }, 206, [99_000, SIZE], { 'content-length': '1000' }],
    ['the first byte', { range: 'bytes=0-0' }, 206, [0, 1], { 'content-length': '1' }],
    ['all of it as a part', { range: 'bytes=0-' }, 206, [0, SIZE], { 'content-length': String(SIZE) }],
    ['the last 500', { range: 'bytes=-500' }, 206, [SIZE - 500, SIZE], { 'content-length': '500' }],
    ['more than there is', { range: 'bytes=-999999' }, 206, [0, SIZE], { 'content-length': String(SIZE) }],
    ['further than it goes', { range: 'bytes=99990-999999' }, 206, [99_990, SIZE], { 'content-length': '10' }],
    ['behind its end', { range: `bytes=${String(SIZE)}-` }, 416, null, { 'content-range': `bytes */${String(SIZE)}` }],
    ['the last none', { range: 'bytes=-0' }, 416, null, { 'content-range': `bytes */${String(SIZE)}` }],
    ['a part backwards', { range: 'bytes=9-5' }, 200, [0, SIZE], {}],
    ['several parts', { range: 'bytes=0-1,5-6' }, 200, [0, SIZE], {}],
    ['1,000 parts', { range: `bytes=${Array(1000).fill('0-').join(',')}` }, 200, [0, SIZE], {}],
    ['in another unit', { range: 'lines=1-2' }, 200, [0, SIZE], {}],
    ['a part, if it is the same', { range: 'bytes=1-2', 'if-range': ETAG }, 206, [1, 3], {}],
    ['a part, if it is another', { range: 'bytes=1-2', 'if-range': '"old"' }, 200, [0, SIZE], {}],
    ['a part, if it is as good', { range: 'bytes=1-2', 'if-range': `W/${ETAG}` }, 200, [0, SIZE], {}],
    ['unless it is the same', { 'if-none-match': `"x", W/${ETAG}` }, 304, null, { 'content-length': undefined }],
    ['unless it is another', { 'if-none-match': '"old"' }, 200, [0, SIZE], {}],
  ])('%s', async (_what, headers, status, part, expected) => {
    await serving({ file: () => fileReply(file, SIZE, { etag: 'tag-of-it' }) });
    const answer = await get('file', headers);
    expect(answer.status).toBe(status);
    for (const [name, value] of Object.entries(expected)) expect(answer.headers[name], name).toBe(value);
    if (status === 416) expect(codeOf(answer)).toBe('range_not_satisfiable');
    else expect(answer.body.equals(part ? bytes.subarray(...part) : Buffer.alloc(0))).toBe(true);
    if (status !== 416) expect(answer.headers.etag).toBe(ETAG);
    if (status === 200 || status === 206) {
      expect(answer.headers).toMatchObject({
        'accept-ranges': 'bytes',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
        'cache-control': 'private, no-cache',
      });
    }
    // The same question without the body has the same answer, and reads nothing.
    const head = await get('file', headers, 'HEAD');
    expect([head.status, head.body.length]).toEqual([status, 0]);
    for (const [name, value] of Object.entries(expected)) expect(head.headers[name], name).toBe(value);
  });

  it('is named, and treated as its type allows', async () => {
    const page = '<script>alert(1)</script>';
    await serving({
      page: () => ({
        type: 'text/html',
        name: 'a"b\r\nX-Evil: y.html',
        size: page.length,
        open: () => Readable.from([Buffer.from(page)]),
      }),
      picture: () => fileReply(file, SIZE, { type: 'image/png', name: 'Фото.png' }),
      odd: () => fileReply(file, SIZE, { type: 'text/html\r\nX-Evil: y' }),
    });
    const html = await get('page');
    expect(html.headers).toMatchObject({
      'content-type': 'text/html',
      'content-disposition': `attachment; filename="a_bX-Evil: y.html"; filename*=UTF-8''a%22bX-Evil%3A%20y.html`,
      'x-content-type-options': 'nosniff',
    });
    expect(html.headers['x-evil']).toBeUndefined();
    expect((await get('picture')).headers).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': `inline; filename="____.png"; filename*=UTF-8''%D0%A4%D0%BE%D1%82%D0%BE.png`,
    });
    expect((await get('odd')).headers['content-type']).toBe('application/octet-stream');
  });

  it('that is empty has no part, and is no error', async () => {
    await serving({ empty: () => ({ type: 'text/plain', name: 'x', size: 0, open: () => Readable.from([]) }) });
    const answer = await get('empty');
    expect([answer.status, answer.headers['content-length'], answer.body.length]).toEqual([200, '0', 0]);
    expect((await get('empty', { range: 'bytes=0-' })).status).toBe(416);
  });

  it('opens its source where bytes are sent, and nowhere else', async () => {
    let opened = 0;
    await serving({
      file: () => ({
        type: 'text/plain',
        name: 'x',
        size: SIZE,
        etag: 'tag-of-it',
        open: ({ start, end }) => {
          opened += 1;
          return createReadStream(file, { start, end });
        },
      }),
    });
    await get('file', {}, 'HEAD');
    await get('file', { 'if-none-match': ETAG });
    await get('file', { range: 'bytes=999999-' });
    expect(opened).toBe(0);
    await get('file', { range: 'bytes=0-9' });
    expect(opened).toBe(1);
  });

  it('is nobody’s without a token, and not there under another name or method', async () => {
    await serving({ file: () => fileReply(file, SIZE) });
    const url = `${relay.url}/api/things/file`;
    expect((await sendRequest(url, { token: null })).status).toBe(401);
    expect((await sendRequest(url, { token: null, method: 'HEAD' })).status).toBe(401);
    expect((await get('other')).status).toBe(404);
    expect((await get('..%2f..%2fetc')).status).toBe(400);
    const put = await sendRequest(url, { method: 'PUT' });
    expect([put.status, put.headers.allow]).toEqual([405, 'GET, HEAD']);
  });
});

describe('a stream that has no places', () => {
  it('is sent whole, whatever part is asked for', async () => {
    const whole = { type: 'text/plain', name: 'x', etag: 'tag-of-it' };
    await serving({
      known: () => ({ ...whole, size: SIZE, stream: () => createReadStream(file) }),
      unknown: () => ({ ...whole, size: null, stream: () => createReadStream(file) }),
    });
    const known = await get('known', { range: 'bytes=5-9' });
    expect([known.status, known.headers['accept-ranges'], known.headers['content-length']]).toEqual([
      200,
      'none',
      String(SIZE),
    ]);
    expect(known.body.equals(bytes)).toBe(true);
    const unknown = await get('unknown');
    expect([unknown.headers['transfer-encoding'], unknown.headers['content-length']]).toEqual(['chunked', undefined]);
    expect(unknown.body.equals(bytes)).toBe(true);
    expect((await get('known', { 'if-none-match': ETAG })).status).toBe(304);
  });
});

describe('a source that fails', () => {
  it('before its first byte is an error answer like any other', async () => {
    await serving({
      gone: () => ({
        type: 'text/plain',
        name: 'x',
        size: 5,
        etag: 'e',
        open: () => Promise.reject(new RelayError('not_found', 'Gone.')),
      }),
      late: () => fileReply(join(own.folder, 'nothing'), 5),
    });
    const gone = await get('gone', { range: 'bytes=0-1' });
    expect([gone.status, codeOf(gone)]).toEqual([404, 'not_found']);
    for (const name of ['content-range', 'etag', 'content-disposition', 'accept-ranges']) {
      expect(gone.headers[name], name).toBeUndefined();
    }
    const late = await get('late');
    expect([late.status, codeOf(late)]).toEqual([500, 'server_error']);
    expect(late.body.toString()).not.toContain(own.folder);
    expectedFaults = /ENOENT/;
  });

  it.each([
    ['in the middle', SIZE, 'broken'],
    ['by ending early', SIZE + 1, 'short'],
    ['by going on', SIZE - 1, 'long'],
  ])('%s breaks the connection: it is never taken for the whole', async (_what, size, how) => {
    await serving({
      thing: () => ({
        type: 'text/plain',
        name: 'x',
        size,
        open: async function* () {
          // In two halves, so that something is sent before it shows.
          yield bytes.subarray(0, SIZE / 2);
          await new Promise((resolve) => setTimeout(resolve, 20));
          if (how === 'broken') throw new Error('the disk is gone');
          yield bytes.subarray(SIZE / 2);
        },
      }),
    });
    await expect(get('thing')).rejects.toThrow(/aborted|hang up/);
    expectedFaults = how === 'broken' ? /the disk is gone/ : /than it was said to be/;
  });
});

describe('a reader', () => {
  const LARGE = 64 * 1024 * 1024;
  const large = (of: ReturnType<typeof counting>): Things => ({
    large: () => ({ type: 'text/plain', name: 'x', size: LARGE, open: of.source }),
  });

  it('that is slow keeps the source waiting, and gets everything in the end', async () => {
    const of = counting(LARGE);
    await serving(large(of));
    const socket = await sleepyReader('large');
    // What the system's own buffers of both ends take, and no more.
    await until('the source waits', () => of.read() > 0);
    let last = -1;
    await until('it moves no further', () => {
      const isStill = of.read() === last;
      last = of.read();
      return isStill;
    });
    expect(of.read()).toBeLessThan(LARGE / 4);
    let got = 0;
    const hash = createHash('sha256');
    let head: Buffer | null = Buffer.alloc(0);
    socket.on('data', (data: Buffer) => {
      let rest = data;
      if (head !== null) {
        head = Buffer.concat([head, data]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        rest = head.subarray(end + 4);
        head = null;
      }
      got += rest.length;
      hash.update(rest);
    });
    socket.resume();
    await until('all of it is there', () => got === LARGE);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(Buffer.alloc(LARGE, 7)).digest('hex'));
    socket.destroy();
  });

  it('that takes nothing for too long is cut, and its source ended', async () => {
    const of = counting(LARGE);
    await serving(large(of), { downloadSilenceMs: 300 });
    const socket = await sleepyReader('large');
    await until('the source is ended', () => of.ended());
    expect(of.read()).toBeLessThan(LARGE / 4);
    socket.destroy();
  });

  it('that goes away ends the source, and is no fault of ours', async () => {
    const of = counting(LARGE);
    await serving(large(of));
    const { request } = beginRequest(`${relay.url}/api/things/large`);
    request.end();
    await new Promise<void>((resolve) =>
      request.once('response', (response) => response.once('data', () => resolve())),
    );
    request.destroy();
    await until('the source is ended', () => of.ended());
  });

  it('that goes away ends a source that keeps everybody waiting', async () => {
    let source: Readable | null = null;
    await serving({
      stuck: () => ({
        type: 'text/plain',
        name: 'x',
        size: 10,
        open: () => {
          source = new Readable({ read: () => undefined });
          return source;
        },
      }),
    });
    const { request } = beginRequest(`${relay.url}/api/things/stuck`);
    request.end();
    await until('it is open', () => source !== null);
    request.destroy();
    await until('it is ended', () => source?.destroyed === true);
    // What it would have been answered is told nobody.
    expectedFaults = /^$|premature|aborted/i;
  });
});

describe('the document', () => {
  interface Operation {
    requestBody?: { content: Record<string, { schema: unknown }> };
    responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
  }
  it('knows rows of bytes from rows of JSON', async () => {
    await serving({});
    const { paths } = jsonOf<{ paths: Record<string, Record<string, Operation>> }>(
      await sendRequest(`${relay.url}/api/docs`),
    );
    const bytesSchema = { type: 'string', format: 'binary' };
    expect(paths['/api/things']?.post?.requestBody?.content).toEqual({
      'application/octet-stream': { schema: bytesSchema },
    });
    expect(paths['/api/forms']?.post?.requestBody?.content).toEqual({
      'multipart/form-data': { schema: { type: 'object', properties: { file: bytesSchema }, required: ['file'] } },
    });
    expect(Object.keys(paths['/api/things']?.post?.responses ?? {})).toEqual(
      expect.arrayContaining(['201', '400', '401', '408', '413', '415']),
    );
    const get = paths['/api/things/{id}'];
    expect(Object.keys(get ?? {})).toEqual(['get']);
    expect(get?.get?.responses['206']?.content).toEqual({ 'application/octet-stream': { schema: bytesSchema } });
    expect(get?.get?.responses['304']?.content).toBeUndefined();
    expect(Object.keys(get?.get?.responses ?? {})).toEqual(expect.arrayContaining(['200', '206', '304', '416']));
    expect(Object.keys(paths['/api/hello']?.post?.requestBody?.content ?? {})).toEqual(['application/json']);
  });
});
