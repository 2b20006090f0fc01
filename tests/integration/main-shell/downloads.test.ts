/** Files on their way from the server, through real sockets to servers that behave and to servers that do not. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { TransferFailed } from '../../../electron/main/lib/transfer-failed.ts';
import { systemClock } from '../../../electron/main/platform/clock.ts';
import { createHttpClient } from '../../../electron/main/services/api/http-client.ts';
import { createRelayApi, type PathOverrides } from '../../../electron/main/services/api/relay-api.ts';
import type { Download, DownloadOptions, RelayApi, TransferProgress } from '../../../electron/main/services/ports.ts';
import { fileReply, startBytesRelay, TOKEN } from '../../helpers/bytes-relay.ts';
import { ownFolder, recordingLogger, until } from '../../helpers/main-parts.ts';
import { httpServer, sendJson, streamServer, tcpServer } from '../../helpers/main-servers.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const run of undo.splice(0).reverse()) await run();
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

const FILE = { params: { id: 'f1' } };

async function open(server: string, options: DownloadOptions = {}): Promise<Download> {
  const opened = await client(server).api.download('download', FILE, options);
  if (!opened.ok) throw new Error(`not opened: ${opened.error.code} ${opened.error.message}`);
  return opened.value;
}

async function codeOf(server: string, options: DownloadOptions = {}): Promise<string> {
  const opened = await client(server).api.download('download', FILE, options);
  return opened.ok ? `opened: ${String(opened.status)}` : opened.error.code;
}

async function readAll({ body }: Download): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What reading a stream ends with. */
async function endOf(download: Download): Promise<string> {
  return readAll(download).then(
    (bytes) => `${String(bytes.length)} bytes`,
    (error: unknown) =>
      error instanceof TransferFailed ? error.failure.code : `no failure of a transfer: ${String(error)}`,
  );
}

describe('a download', () => {
  it('comes from the relay as the file on disk is, whole and in parts', async () => {
    const own = await ownFolder();
    undo.push(own.remove);
    const bytes = randomBytes(3 * 1024 * 1024);
    const file = join(own.folder, 'file');
    await writeFile(file, bytes);
    const relay = keep(
      await startBytesRelay({
        things: { thing: () => fileReply(file, bytes.length, { etag: 'e1', type: 'audio/mpeg' }) },
      }),
    );
    const { api } = client(relay.url, { download: '/things/{id}' });
    const thing = { params: { id: 'thing' } };
    const told: TransferProgress[] = [];
    const whole = await api.download('download', thing, { onProgress: (progress) => told.push(progress) });
    if (!whole.ok) throw new Error(whole.error.code);
    expect(whole.value).toMatchObject({
      status: 200,
      start: 0,
      length: bytes.length,
      size: bytes.length,
      type: 'audio/mpeg',
      etag: '"e1"',
    });
    expect((await readAll(whole.value)).equals(bytes)).toBe(true);
    expect(told.at(-1)).toEqual({ bytes: bytes.length, total: bytes.length });

    const part = async (options: DownloadOptions): Promise<[object, Buffer]> => {
      const opened = await api.download('download', thing, options);
      if (!opened.ok) throw new Error(opened.error.code);
      const { status, start, length, size } = opened.value;
      return [{ status, start, length, size }, await readAll(opened.value)];
    };
    const size = bytes.length;
    const [head, got] = await part({ range: { start: 1000, end: 1999 }, ifRange: '"e1"' });
    expect(head).toEqual({ status: 206, start: 1000, length: 1000, size });
    expect(got.equals(bytes.subarray(1000, 2000))).toBe(true);
    const [rest, last] = await part({ range: { start: size - 7 } });
    expect(rest).toEqual({ status: 206, start: size - 7, length: 7, size });
    expect(last.equals(bytes.subarray(-7))).toBe(true);
    // Another file by now: all of it, and the caller sees that.
    expect((await part({ range: { start: 1000 }, ifRange: '"old"' }))[0]).toMatchObject({ status: 200, start: 0 });
    expect(await api.download('download', thing, { range: { start: size } })).toMatchObject({
      ok: false,
      error: { code: 'bad_answer' },
    });
    expect(await api.download('download', { params: { id: 'other' } })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });

  it('is one request of the table', async () => {
    const seen: { url: string; headers: IncomingHttpHeaders }[] = [];
    const { url } = await streaming((request, response) => {
      seen.push({ url: request.url ?? '', headers: request.headers });
      response.writeHead(206, { 'content-range': 'bytes 5-9/10' }).end('56789');
    });
    await endOf(await open(url, { range: { start: 5, end: 9 }, ifRange: 'W/"e"' }));
    expect(seen).toMatchObject([
      {
        url: '/api/files/f1',
        headers: {
          authorization: `Bearer ${TOKEN}`,
          range: 'bytes=5-9',
          'if-range': 'W/"e"',
          'accept-encoding': 'identity',
        },
      },
    ]);
  });

  it('is read no faster than it is wanted, and waits for its reader as long as it takes', async () => {
    let sent = 0;
    const LARGE = 64 * 1024 * 1024;
    const { url } = await streaming((_request, response) => {
      response.writeHead(200, { 'content-length': String(LARGE) });
      const more = (): void => {
        while (sent < LARGE) {
          sent += 64 * 1024;
          if (!response.write(Buffer.alloc(64 * 1024))) return;
        }
        response.end();
      };
      response.on('drain', more);
      more();
    });
    const download = await open(url, { silenceMs: 150 });
    const body = download.body[Symbol.asyncIterator]();
    await body.next();
    // Longer than may pass in silence: this silence is the reader's.
    await sleep(500);
    expect(sent).toBeLessThan(LARGE / 2);
    let got = 0;
    for (let taken = await body.next(); taken.done !== true; taken = await body.next()) got += taken.value.length;
    expect(got).toBeGreaterThan(LARGE - 1024 * 1024);
    expect(sent).toBe(LARGE);
  });

  it('tells no header that could be something else', async () => {
    const { url } = await streaming((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', etag: 'no tag', 'content-length': '1' })
        .end('x');
    });
    const download = await open(url);
    expect([download.type, download.etag]).toEqual(['text/html', null]);
    download.cancel();
    const odd = await streaming((_request, response) => {
      response.writeHead(200, { 'content-type': '../x', 'content-length': '1' }).end('x');
    });
    const other = await open(odd.url);
    expect(other.type).toBeNull();
    other.cancel();
  });

  it('leaves nothing where it makes no sense, nor without a token', async () => {
    let asked = 0;
    const { url } = await streaming((_request, response) => {
      asked += 1;
      response.end();
    });
    const bad = [
      await client(url, {}, null).api.download('download', FILE),
      await client(url, { download: '//evil.example/{id}' }).api.download('download', FILE),
      await client(url).api.download('download', { params: { id: '../admin' } }),
      await client(url).api.download('download', FILE, { range: { start: -1 } }),
      await client(url).api.download('download', FILE, { range: { start: 5, end: 4 } }),
      await client(url).api.download('download', FILE, { range: { start: 0.5 } }),
      await client(url).api.download('download', FILE, { range: { start: 0 }, ifRange: 'x\r\ny: z' }),
    ];
    expect(bad.map((one) => (one.ok ? 'opened' : one.error.code))).toEqual([
      'unauthenticated',
      'bad_address',
      'validation',
      'bad_request',
      'bad_request',
      'bad_request',
      'bad_request',
    ]);
    expect(asked).toBe(0);
  });
});

describe('a download that is refused', () => {
  it.each<[number, string]>([
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [416, 'bad_answer'],
    [429, 'rate_limited'],
    [500, 'server_error'],
    [204, 'bad_answer'],
    [304, 'bad_answer'],
  ])('with %i says so', async (status, code) => {
    const { url } = await streaming((_request, response) => response.writeHead(status, { 'retry-after': '3' }).end());
    const { api, refused } = client(url);
    expect(await api.download('download', FILE)).toMatchObject({ ok: false, error: { code } });
    expect(refused.count).toBe(status === 401 ? 1 : 0);
  });

  it.each([301, 302, 303, 307, 308])('by a redirect with %i goes nowhere else, nor does the token', async (status) => {
    const elsewhere: string[] = [];
    const other = keep(
      await httpServer((request, response) => {
        elsewhere.push(request.url ?? '');
        sendJson(response, 200, {});
      }),
    );
    const { url } = await streaming((_request, response) => {
      response.writeHead(status, { location: `${other.url}/api/files/f1` }).end();
    });
    expect(await codeOf(url)).toBe('redirected');
    expect(elsewhere).toEqual([]);
  });

  it.each<[string, Record<string, string>, number, DownloadOptions]>([
    ['that nobody asked for', { 'content-range': 'bytes 0-4/10' }, 206, {}],
    ['from another place', { 'content-range': 'bytes 6-9/10' }, 206, { range: { start: 5 } }],
    ['longer than asked', { 'content-range': 'bytes 5-9/10' }, 206, { range: { start: 5, end: 6 } }],
    ['without its place', {}, 206, { range: { start: 5 } }],
    ['with a place that is none', { 'content-range': 'bytes 9-5/10' }, 206, { range: { start: 5 } }],
    ['of two lengths', { 'content-range': 'bytes 5-9/10', 'content-length': '3' }, 206, { range: { start: 5 } }],
    ['that is packed', { 'content-encoding': 'gzip', 'content-length': '5' }, 200, {}],
  ])('is an answer %s', async (_what, headers, status, options) => {
    const { url } = await streaming((_request, response) => response.writeHead(status, headers).end('56789'));
    expect(await codeOf(url, options)).toBe('bad_answer');
  });

  it.each<[string, string, string]>([
    ['whose end would look like a broken connection', 'HTTP/1.1 200 OK\r\n\r\nhello', 'bad_answer'],
    ['whose length is none', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhello', 'bad_answer'],
    ['of two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello', 'bad_answer'],
    ['with endless headers', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 'bad_answer'],
    ['that is no HTTP', 'SSH-2.0-OpenSSH_9\r\n', 'bad_answer'],
  ])('is an answer %s', async (_what, bytes, code) => {
    const { url } = keep(await tcpServer((socket) => socket.once('data', () => socket.end(bytes))));
    expect(await codeOf(url)).toBe(code);
  });

  it('reads little of what a refusal says', async () => {
    let sent = 0;
    const { url } = await streaming((_request, response) => {
      response.writeHead(404);
      const more = (): void => {
        while (response.write(Buffer.alloc(64 * 1024, 0x20))) sent += 64 * 1024;
      };
      response.on('drain', more);
      more();
    });
    expect(await codeOf(url)).toBe('not_found');
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('a download that breaks', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    [
      'in the middle',
      (response) => {
        response.writeHead(200, { 'content-length': '10' }).write('01234', () => response.destroy());
      },
    ],
    [
      'in the middle of its chunks',
      (response) => {
        response.writeHead(200).write('01234', () => response.destroy());
      },
    ],
  ])('%s is a failure, never a shorter file', async (_what, answer) => {
    const { url } = await streaming((_request, response) => answer(response));
    expect(await endOf(await open(url))).toBe('server_unreachable');
  });

  it('before the end of the part is a failure, however well it ends', async () => {
    const { url } = await streaming((_request, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-9/10' }).end('01234');
    });
    expect(await endOf(await open(url, { range: { start: 0 } }))).toBe('bad_answer');
  });

  it('after the end of the part is one, too', async () => {
    const { url } = await streaming((_request, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-4/10' }).end('0123456789');
    });
    expect(await endOf(await open(url, { range: { start: 0, end: 4 } }))).toBe('bad_answer');
  });

  it('by silence, before its head and after it', async () => {
    const mute = await streaming(() => undefined);
    expect(await codeOf(mute.url, { silenceMs: 200 })).toBe('server_timeout');
    const { url } = await streaming((_request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('01234');
    });
    expect(await endOf(await open(url, { silenceMs: 200 }))).toBe('server_timeout');
  });

  it('by nothing that is only slow', async () => {
    const { url } = await streaming((_request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      let at = 0;
      const drip = setInterval(() => {
        at += 1;
        if (at < 10) response.write('x');
        else {
          clearInterval(drip);
          response.end('x');
        }
      }, 100);
    });
    expect(await endOf(await open(url, { silenceMs: 600 }))).toBe('10 bytes');
  });

  it('where nobody listens', async () => {
    const gone = await httpServer(() => undefined);
    await gone.close();
    expect(await codeOf(gone.url)).toBe('server_unreachable');
    const silent = keep(await tcpServer(() => undefined));
    expect(await codeOf(silent.url.replace('http', 'https'))).toBe('server_timeout');
  });

  it('on a kept connection that the server has closed is asked for again', async () => {
    let connections = 0;
    let requests = 0;
    const { url } = keep(
      await tcpServer((socket) => {
        connections += 1;
        socket.on('data', () => {
          requests += 1;
          if (requests % 2 === 0) socket.resetAndDestroy();
          else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
        });
      }),
    );
    const { api } = client(url);
    for (let turn = 0; turn < 2; turn++) {
      const opened = await api.download('download', FILE);
      expect(opened.ok && (await endOf(opened.value))).toBe('5 bytes');
    }
    expect([connections, requests]).toEqual([2, 3]);
  });
});

describe('a download that is not wanted any more', () => {
  /** Serves without end, and tells when nobody reads any more. */
  async function endless(): Promise<{ url: string; closed: () => boolean }> {
    let closed = false;
    const { url } = await streaming((_request, response) => {
      response.writeHead(200, { 'content-length': String(2 ** 40) });
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
      };
      response.on('drain', more);
      response.on('close', () => void (closed = true));
      more();
    });
    return { url, closed: () => closed };
  }

  it('ends by its signal, whoever reads', async () => {
    const { url, closed } = await endless();
    const stop = new AbortController();
    const download = await open(url, {
      signal: stop.signal,
      onProgress: ({ bytes }) => {
        if (bytes > 1_000_000) stop.abort();
      },
    });
    expect(await endOf(download)).toBe('cancelled');
    await until('the server sees it', closed);
  });

  it('ends by its signal before anybody reads', async () => {
    const { url, closed } = await endless();
    const stop = new AbortController();
    const download = await open(url, { signal: stop.signal });
    stop.abort();
    await until('the server sees it', closed);
    expect(await endOf(download)).toBe('cancelled');
    expect(await codeOf(url, { signal: AbortSignal.abort() })).toBe('cancelled');
  });

  it('is no empty file where all of it had come and nobody has read it', async () => {
    const { url } = await streaming((_request, response) => response.writeHead(200).end('hello'));
    const stop = new AbortController();
    const download = await open(url, { signal: stop.signal });
    await sleep(50);
    stop.abort();
    expect(await endOf(download)).toBe('cancelled');
  });

  it('ends where its reader stops, and where it is cancelled', async () => {
    const first = await endless();
    for await (const chunk of (await open(first.url)).body) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await until('the server sees it', first.closed);
    const second = await endless();
    const download = await open(second.url);
    download.cancel();
    await until('the server sees it', second.closed);
    expect(await endOf(download)).toBe('cancelled');
  });
});
