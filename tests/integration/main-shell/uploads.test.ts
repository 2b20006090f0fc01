/** Files on their way to the server, through real sockets to servers that behave and to servers that do not. */
import { randomBytes } from 'node:crypto';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TransferFailed } from '../../../electron/main/lib/transfer-failed.ts';
import { systemClock } from '../../../electron/main/platform/clock.ts';
import { createHttpClient } from '../../../electron/main/services/api/http-client.ts';
import { createRelayApi, type PathOverrides } from '../../../electron/main/services/api/relay-api.ts';
import { fileSource, identify } from '../../../electron/main/services/files/file-source.ts';
import type { RelayApi, TransferProgress, UploadFile, UploadSource } from '../../../electron/main/services/ports.ts';
import { startBytesRelay, TOKEN } from '../../helpers/bytes-relay.ts';
import { ownFolder, recordingLogger, until } from '../../helpers/main-parts.ts';
import { httpServer, sendJson, streamServer, tcpServer } from '../../helpers/main-servers.ts';

const STORED = { file: { id: 'f1', name: 'x', mimeType: 'text/plain', size: 5 } };
const undo: (() => unknown)[] = [];
let own: Awaited<ReturnType<typeof ownFolder>>;

beforeEach(async () => void (own = await ownFolder()));
afterEach(async () => {
  for (const run of undo.splice(0).reverse()) await run();
  await own.remove();
});

function keep<T extends { close(): unknown }>(made: T): T {
  undo.push(() => made.close());
  return made;
}

interface Made {
  api: RelayApi;
  logger: ReturnType<typeof recordingLogger>;
  refused: { count: number };
}

function client(server: string, paths: PathOverrides = {}, token: string | null = TOKEN): Made {
  const http = keep(createHttpClient({ clock: systemClock, connectTimeoutMs: 500 }));
  const logger = recordingLogger();
  const refused = { count: 0 };
  const onTokenRefused = (): void => void (refused.count += 1);
  return {
    api: createRelayApi({ http, clock: systemClock, logger, server, token, paths, onTokenRefused }),
    logger,
    refused,
  };
}

const streaming = async (...args: Parameters<typeof streamServer>) => keep(await streamServer(...args));

/** A source that says how much of it was read, and whether it was ended. */
function counted(size: number, produce?: () => AsyncIterable<Uint8Array>) {
  const state = { read: 0, ended: 0 };
  const chunk = Buffer.alloc(64 * 1024, 7);
  async function* all(): AsyncGenerator<Uint8Array> {
    for (let left = size; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
  }
  const source: UploadSource = {
    size,
    async *open() {
      try {
        for await (const piece of produce?.() ?? all()) {
          state.read += piece.length;
          yield piece;
        }
      } finally {
        state.ended += 1;
      }
    },
  };
  return { state, source };
}

const named = (source: UploadSource): UploadFile => ({ name: 'файл.bin', mimeType: 'application/zip', source });
const small = (): UploadFile => named(counted(5).source);
const LARGE = 32 * 1024 * 1024;

describe('an upload', () => {
  it('arrives at the relay as the file on disk is, and says how far it has come', async () => {
    const relay = keep(await startBytesRelay({ folder: own.folder }));
    const bytes = randomBytes(3 * 1024 * 1024);
    const file = join(own.folder, 'file');
    await writeFile(file, bytes);
    const told: TransferProgress[] = [];
    const { api } = client(relay.url, { upload: '/forms' });
    const sent = await api.upload('upload', {}, named(fileSource({ path: file, identity: await identify(file) })), {
      fields: { order: '1' },
      onProgress: (progress) => told.push(progress),
    });
    expect(sent).toMatchObject({ ok: true, status: 201, value: { file: { mimeType: 'multipart/form-data' } } });
    const name = sent.ok ? sent.value.file.name : '';
    const form = await new Response(await readFile(join(own.folder, 'form')), {
      headers: { 'content-type': name },
    }).formData();
    const arrived = form.get('file');
    expect(arrived instanceof File && Buffer.from(await arrived.arrayBuffer()).equals(bytes)).toBe(true);
    expect(told.at(-1)).toEqual({ bytes: bytes.length, total: bytes.length });
    expect(told.map((one) => one.bytes)).toEqual(told.map((one) => one.bytes).toSorted((a, b) => a - b));
  });

  it('is one request of the table, as other readers of multipart understand it', async () => {
    let form: FormData | null = null;
    let head: IncomingMessage['headers'] = {};
    const { url } = await streaming((request, response) => {
      head = request.headers;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        expect(String(Buffer.concat(chunks).length)).toBe(head['content-length']);
        void new Response(Buffer.concat(chunks), { headers: { 'content-type': head['content-type'] ?? '' } })
          .formData()
          .then((read) => {
            form = read;
            sendJson(response, 201, STORED);
          });
      });
    });
    const bytes = randomBytes(300_000);
    const { source } = counted(bytes.length, async function* () {
      yield bytes;
    });
    const { api } = client(url);
    const sent = await api.upload('upload', {}, named(source), { fields: { order: '1' } });
    expect(sent).toEqual({ ok: true, status: 201, value: STORED });
    expect(head).toMatchObject({ authorization: `Bearer ${TOKEN}`, accept: 'application/json' });
    const read = form as FormData | null;
    expect([...(read?.keys() ?? [])]).toEqual(['order', 'file']);
    const sentFile = read?.get('file');
    expect(sentFile).toMatchObject({ name: 'файл.bin', type: 'application/zip' });
    const got = sentFile instanceof File ? Buffer.from(await sentFile.arrayBuffer()) : Buffer.alloc(0);
    expect(got.equals(bytes)).toBe(true);
  });

  it('reads its source no faster than the server takes it', async () => {
    let go: () => void = () => undefined;
    const { url } = await streaming((request, response) => {
      go = () => request.resume();
      request.on('end', () => sendJson(response, 201, STORED));
    });
    const { state, source } = counted(LARGE);
    const sending = client(url).api.upload('upload', {}, named(source));
    let last = -1;
    await until('it waits', () => {
      const isStill = state.read > 0 && state.read === last;
      last = state.read;
      return isStill;
    });
    expect(state.read).toBeLessThan(LARGE / 2);
    go();
    expect(await sending).toMatchObject({ ok: true });
    expect(state).toEqual({ read: LARGE, ended: 1 });
  });

  it('may take longer than it may be silent', async () => {
    const { url } = await streaming((request, response) => {
      request.resume();
      request.on('end', () => sendJson(response, 201, STORED));
    });
    const { source } = counted(10, async function* () {
      for (let byte = 0; byte < 10; byte++) {
        await sleep(100);
        yield Buffer.from('x');
      }
    });
    const sent = await client(url).api.upload('upload', {}, named(source), { silenceMs: 600 });
    expect(sent).toMatchObject({ ok: true });
  });

  it('tells no more than 10 times a second', async () => {
    const { url } = await streaming((request, response) => {
      request.resume();
      request.on('end', () => sendJson(response, 201, STORED));
    });
    let told = 0;
    const { source } = counted(300, async function* () {
      for (let byte = 0; byte < 300; byte++) {
        await sleep(1);
        yield Buffer.from('x');
      }
    });
    const began = performance.now();
    await client(url).api.upload('upload', {}, named(source), { onProgress: () => void (told += 1) });
    // One more at the begin, and one at the end.
    expect(told).toBeLessThanOrEqual((performance.now() - began) / 100 + 2);
    expect(told).toBeGreaterThan(2);
  });
});

describe('an upload that is refused', () => {
  it.each<[number, unknown, Record<string, string>, object]>([
    [413, { error: { code: 'too_large', message: '' } }, {}, { code: 'too_large' }],
    [
      429,
      { error: { code: 'rate_limited', message: '' } },
      { 'Retry-After': '7' },
      { code: 'rate_limited', retryAfterMs: 7000 },
    ],
    [401, {}, {}, { code: 'unauthenticated' }],
    [507, { error: { code: 'quota_exceeded', message: '' } }, {}, { code: 'quota_exceeded' }],
    [415, '', {}, { code: 'unsupported_media' }],
  ])('with %i while it is still sent: what is left stays here', async (status, json, headers, error) => {
    let socketClosed = false;
    const { url } = await streaming((request, response) => {
      request.socket.on('close', () => void (socketClosed = true));
      // Read on: the answer comes early all the same.
      request.resume();
      sendJson(response, status, json, headers);
    });
    const { state, source } = counted(1024 * LARGE);
    const { api, refused } = client(url);
    const sent = await api.upload('upload', {}, named(source));
    expect(sent).toMatchObject({ ok: false, error, ...(status === 507 ? {} : { effect: 'not_stored' }) });
    expect(refused.count).toBe(status === 401 ? 1 : 0);
    await until('the connection is closed', () => socketClosed);
    await until('the source is ended', () => state.ended === 1);
    expect(state.read).toBeLessThan(512 * LARGE);
  });

  it.each([301, 302, 303, 307, 308])('by a redirect with %i goes nowhere else, nor does the token', async (status) => {
    const elsewhere: string[] = [];
    const other = keep(
      await httpServer((request, response) => {
        elsewhere.push(request.url ?? '');
        sendJson(response, 201, STORED);
      }),
    );
    const { url } = await streaming((request, response) => {
      request.resume();
      response.writeHead(status, { location: `${other.url}/api/files/upload` }).end();
    });
    expect(await client(url).api.upload('upload', {}, small())).toMatchObject({
      ok: false,
      error: { code: 'redirected' },
    });
    expect(elsewhere).toEqual([]);
  });

  it('leaves nothing where it makes no sense, nor without a token', async () => {
    let asked = 0;
    const { url } = await streaming((request, response) => {
      asked += 1;
      request.resume();
      sendJson(response, 201, STORED);
    });
    const { state, source } = counted(5);
    const bad = [
      await client(url, {}, null).api.upload('upload', {}, named(source)),
      await client(url, { upload: '//evil.example/x' }).api.upload('upload', {}, named(source)),
      await client(url).api.upload('upload', {}, named({ ...source, size: -1 })),
      await client(url).api.upload('upload', {}, named({ ...source, size: 1.5 })),
      await client(url).api.upload('upload', {}, named(source), { fields: { 'a"b': 'x' } }),
    ];
    expect(bad.map((one) => (one.ok ? 'sent' : `${one.error.code} ${one.effect}`))).toEqual([
      'unauthenticated not_stored',
      'bad_address not_stored',
      'bad_request not_stored',
      'bad_request not_stored',
      'bad_request not_stored',
    ]);
    expect([asked, state.read]).toEqual([0, 0]);
  });
});

describe('an upload that breaks', () => {
  it('by its source is nothing that the server could keep', async () => {
    const ended: string[] = [];
    const { url } = await streaming((request) => {
      request.resume();
      request.on('error', () => ended.push('aborted'));
      request.on('end', () => ended.push('whole'));
    });
    const file = join(own.folder, 'file');
    const of = async (change: () => Promise<unknown>, produce?: () => AsyncIterable<Uint8Array>) => {
      await writeFile(file, Buffer.alloc(1024 * 1024));
      const source = produce
        ? counted(1024 * 1024, produce).source
        : fileSource({ path: file, identity: await identify(file) });
      await change();
      const sent = await client(url).api.upload('upload', {}, named(source));
      return sent.ok ? 'sent' : `${sent.error.code} ${sent.effect}`;
    };
    const nothing = (): Promise<void> => Promise.resolve();
    const half = Buffer.alloc(512 * 1024);
    expect([
      await of(() => rm(file)),
      await of(() => appendFile(file, 'more')),
      await of(nothing, async function* () {
        yield half;
        throw Object.assign(new Error('the disk is gone'), { code: 'EIO' });
      }),
      await of(nothing, async function* () {
        yield half;
        throw new TransferFailed('denied', 'no more');
      }),
      await of(nothing, async function* () {
        yield half;
      }),
      await of(nothing, async function* () {
        yield half;
        yield half;
        yield half;
      }),
    ]).toEqual([
      'file_gone not_stored',
      'file_changed not_stored',
      'file_unreadable not_stored',
      'denied not_stored',
      'file_changed not_stored',
      'file_changed not_stored',
    ]);
    expect(ended).not.toContain('whole');
  });

  it('in the middle of its way has stored nothing, after the end of it nobody knows', async () => {
    const first = keep(await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy())));
    const large = counted(LARGE);
    expect(await client(first.url).api.upload('upload', {}, named(large.source))).toMatchObject({
      ok: false,
      effect: 'not_stored',
      error: { code: 'server_unreachable' },
    });
    await until('its source is ended', () => large.state.ended === 1);
    const { url } = await streaming((request) => {
      request.resume();
      request.on('end', () => request.socket.resetAndDestroy());
    });
    expect(await client(url).api.upload('upload', {}, small())).toMatchObject({
      ok: false,
      effect: 'unknown',
      error: { code: 'server_unreachable' },
    });
  });

  it('has left nothing where nobody listens, and where no connection stands', async () => {
    const gone = await httpServer(() => undefined);
    await gone.close();
    const { state, source } = counted(LARGE);
    expect(await client(gone.url).api.upload('upload', {}, named(source))).toMatchObject({
      effect: 'not_stored',
      error: { code: 'server_unreachable' },
    });
    const silent = keep(await tcpServer(() => undefined));
    expect(await client(silent.url.replace('http', 'https')).api.upload('upload', {}, small())).toMatchObject({
      effect: 'not_stored',
      error: { code: 'server_timeout' },
    });
    expect(state.read).toBeLessThan(LARGE);
  });

  it('by silence: a server that takes nothing, one that answers nothing, one that stops in its answer', async () => {
    const stuck = keep(await tcpServer((socket) => socket.pause()));
    const quick = { silenceMs: 300 };
    expect(await client(stuck.url).api.upload('upload', {}, named(counted(LARGE).source), quick)).toMatchObject({
      effect: 'not_stored',
      error: { code: 'server_timeout' },
    });
    const mute = await streaming((request) => void request.resume());
    expect(await client(mute.url).api.upload('upload', {}, small(), quick)).toMatchObject({
      effect: 'unknown',
      error: { code: 'server_timeout' },
    });
    const half = await streaming((request, response) => {
      request.resume();
      response.writeHead(201, { 'content-length': '500' });
      response.write('{');
    });
    expect(await client(half.url).api.upload('upload', {}, small(), quick)).toMatchObject({
      effect: 'unknown',
      error: { code: 'server_timeout' },
    });
  });

  it('by an answer without an end, or one that makes no sense', async () => {
    const endless = await streaming((request, response) => {
      request.resume();
      const more = (): void => {
        while (response.write(Buffer.alloc(64 * 1024, 0x20)));
      };
      response.on('drain', more);
      more();
    });
    expect(await client(endless.url).api.upload('upload', {}, small())).toMatchObject({
      ok: false,
      effect: 'unknown',
      error: { code: 'bad_answer' },
    });
    for (const body of ['', '<html>', '{}', '{"file":{"id":"../x"}}', '{"file":']) {
      const { url } = await streaming((request, response) => {
        request.resume();
        request.on('end', () => response.writeHead(201).end(body));
      });
      expect(await client(url).api.upload('upload', {}, small()), body).toMatchObject({
        ok: false,
        effect: 'unknown',
        error: { code: 'bad_answer' },
      });
    }
    const headers = await streaming((request, response) => {
      request.resume();
      response.writeHead(201, { 'x-long': 'x'.repeat(20_000) }).end('{}');
    });
    expect(await client(headers.url).api.upload('upload', {}, small())).toMatchObject({
      error: { code: 'bad_answer' },
    });
  });
});

describe('an upload that is taken back', () => {
  it('stops, lets its source go, and has stored nothing', async () => {
    let closed = false;
    const { url } = await streaming((request) => {
      request.resume();
      request.on('close', () => void (closed = true));
    });
    const stop = new AbortController();
    const { state, source } = counted(1024 * LARGE);
    const sent = await client(url).api.upload('upload', {}, named(source), {
      signal: stop.signal,
      onProgress: ({ bytes }) => {
        if (bytes > LARGE) stop.abort();
      },
    });
    expect(sent).toMatchObject({ ok: false, effect: 'not_stored', error: { code: 'cancelled' } });
    await until('the server sees it', () => closed);
    await until('the source is ended', () => state.ended === 1);
  });

  it('before it began has not begun', async () => {
    const { state, source } = counted(5);
    const sent = await client('http://127.0.0.1:9').api.upload('upload', {}, named(source), {
      signal: AbortSignal.abort(),
    });
    expect(sent).toMatchObject({ ok: false, effect: 'not_stored', error: { code: 'cancelled' } });
    expect(state).toEqual({ read: 0, ended: 0 });
  });

  it('after all of it has left may be stored', async () => {
    const stop = new AbortController();
    const { url } = await streaming((request) => {
      request.resume();
      request.on('end', () => stop.abort());
    });
    const sent = await client(url).api.upload('upload', {}, small(), { signal: stop.signal });
    expect(sent).toMatchObject({ ok: false, effect: 'unknown', error: { code: 'cancelled' } });
  });
});

it('nothing of a file, its name or the token is in the log', async () => {
  const { url } = await streaming((request, response) => {
    request.resume();
    sendJson(response, 413, { error: { code: 'too_large', message: '' } });
  });
  const { api, logger } = client(url);
  await api.upload('upload', {}, small());
  const broken = counted(5, async function* () {
    yield Buffer.from('1');
    throw new Error('secret words');
  });
  await api.upload('upload', {}, named(broken.source));
  expect(logger.entries.length).toBeGreaterThan(1);
  const log = JSON.stringify(logger.entries);
  for (const secret of [TOKEN, 'файл', 'secret words']) expect(log).not.toContain(secret);
});
