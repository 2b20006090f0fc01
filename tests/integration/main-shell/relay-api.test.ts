/** The REST client against real servers: what it sends, what it believes, and what it says when something breaks. */
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient, type HttpClient } from '../../../electron/main/services/api/http-client.ts';
import { createRelayApi, type PathOverrides } from '../../../electron/main/services/api/relay-api.ts';
import type { RelayApi } from '../../../electron/main/services/ports.ts';
import { systemClock } from '../../../electron/main/platform/clock.ts';
import { recordingLogger } from '../../helpers/main-parts.ts';
import { httpServer, sendJson, tcpServer, type TestServer } from '../../helpers/main-servers.ts';

const TOKEN = 'token-of-the-test-0123456789';
const SEND = { body: { chatId: 'c1', content: 'hello' } };
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
  http: HttpClient;
  logger: ReturnType<typeof recordingLogger>;
  refused: { count: number };
}

function client(
  server: string,
  more: { token?: string | null; paths?: PathOverrides; connectTimeoutMs?: number } = {},
): Made {
  const http = keep(
    createHttpClient({
      clock: systemClock,
      ...(more.connectTimeoutMs ? { connectTimeoutMs: more.connectTimeoutMs } : {}),
    }),
  );
  const logger = recordingLogger();
  const refused = { count: 0 };
  const api = createRelayApi({
    http,
    clock: systemClock,
    logger,
    server,
    token: more.token === undefined ? TOKEN : more.token,
    ...(more.paths ? { paths: more.paths } : {}),
    onTokenRefused: () => refused.count++,
  });
  return { api, http, logger, refused };
}

const server = async (...args: Parameters<typeof httpServer>): Promise<TestServer> => keep(await httpServer(...args));
const tcp = async (...args: Parameters<typeof tcpServer>): Promise<TestServer> => keep(await tcpServer(...args));

describe('what is sent', () => {
  it('is the row of the table, with the token in its header and nowhere else', async () => {
    const seen: { method?: string; url?: string; headers: unknown; body: string }[] = [];
    const { url } = await server((request, response, body) => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      sendJson(response, 200, { messages: [] });
    });
    const { api } = client(url);
    await api.call('history', { params: { chatId: 'c1' }, query: { limit: 50, offset: 0 } });
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/api/chats/c1/messages?limit=50&offset=0', body: '' });
    expect(seen[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, accept: 'application/json' });
    await api.call('sendMessage', SEND);
    expect(seen[1]).toMatchObject({ method: 'POST', url: '/api/messages/send', body: JSON.stringify(SEND.body) });
    expect(JSON.stringify(seen.map(({ url: path, body }) => [path, body]))).not.toContain(TOKEN);
  });

  it('carries no token where nobody is asked for one', async () => {
    const seen: unknown[] = [];
    const { url } = await server((request, response) => {
      seen.push(request.headers.authorization);
      sendJson(response, 200, { server: 'relay', version: '1', capabilities: [] });
    });
    expect(await client(url).api.call('capabilities', {})).toMatchObject({ ok: true });
    expect(seen).toEqual([undefined]);
  });

  it('is checked before it leaves', async () => {
    let asked = 0;
    const { url } = await server((_request, response) => {
      asked++;
      sendJson(response, 200, {});
    });
    const { api } = client(url);
    const bad = [
      await api.call('sendMessage', { body: { chatId: 'c1', content: '' } }),
      await api.call('sendMessage', { body: { chatId: '../admin', content: 'x' } }),
      await api.call('user', { params: { id: '..%2Fadmin' } }),
      await api.call('searchUsers', { query: { q: '' } }),
    ];
    for (const answer of bad)
      expect(answer).toMatchObject({ ok: false, effect: 'not_stored', error: { code: 'validation' } });
    expect(bad[0]).toMatchObject({ error: { fields: { content: 'required' } } });
    expect(await client(url, { token: null }).api.call('me', {})).toMatchObject({
      ok: false,
      effect: 'not_stored',
      error: { code: 'unauthenticated' },
    });
    expect(asked).toBe(0);
  });

  it('goes to another path where a setting says so, and never to another server', async () => {
    const seen: string[] = [];
    const { url } = await server((request, response) => {
      seen.push(request.url ?? '');
      sendJson(response, 200, { tracks: [] });
    });
    await client(url, { paths: { music: '/library/tracks' } }).api.call('music', {});
    expect(seen).toEqual(['/api/library/tracks']);
    for (const path of ['//evil.example/x', '@evil.example/x', '/../../x', 'http://evil.example/', '/{name}']) {
      const answer = await client(url, { paths: { music: path } }).api.call('music', {});
      expect(answer).toMatchObject({ ok: false, effect: 'not_stored', error: { code: 'bad_address' } });
    }
    expect(seen).toHaveLength(1);
  });
});

describe('what is believed', () => {
  it('is an answer of the right shape; single broken items are left out and named in the log', async () => {
    const good = { id: 'm1', chatId: 'c1', content: 'words', senderId: 'u', createdAt: '2026-01-01T00:00:00Z' };
    const { url } = await server((_request, response) =>
      sendJson(response, 200, { messages: [good, { ...good, createdAt: 'secret words' }], total: 2 }),
    );
    const { api, logger } = client(url);
    const answer = await api.call('history', { params: { chatId: 'c1' }, query: {} });
    expect(answer).toMatchObject({ ok: true, dropped: 1, value: { messages: [{ id: 'm1' }] } });
    expect(logger.of('api.answer_mended')).toHaveLength(1);
    expect(JSON.stringify(logger.entries)).not.toContain('words');
  });

  it.each([
    ['no JSON', '<html>please sign in to this network</html>'],
    ['cut off', '{"message":{"id":"m'],
    ['empty', ''],
    ['null', 'null'],
    ['another shape', '{"message":{"name":"x"}}'],
  ])('is not a success whose body is %s: the message may be stored', async (_what, body) => {
    const { url } = await server((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(body);
    });
    expect(await client(url).api.call('sendMessage', SEND)).toMatchObject({
      ok: false,
      effect: 'unknown',
      error: { code: 'bad_answer' },
    });
  });

  it('is an empty answer where the table has none', async () => {
    const { url } = await server((_request, response) => {
      response.writeHead(204);
      response.end();
    });
    expect(await client(url).api.call('unreact', { params: { messageId: 'm1', reactionId: 'r1' } })).toEqual({
      ok: true,
      value: undefined,
      status: 204,
    });
  });
});

describe('a server that refuses or breaks', () => {
  it('tells the session of a refused token, once for each answer', async () => {
    const { url } = await server((_request, response) => sendJson(response, 401, {}));
    const { api, refused } = client(url);
    expect(await api.call('me', {})).toMatchObject({
      ok: false,
      effect: 'not_stored',
      error: { code: 'unauthenticated' },
    });
    expect(refused.count).toBe(1);
    expect(await api.call('login', { body: { username: 'a', password: 'b' } })).toMatchObject({
      error: { code: 'wrong_credentials' },
    });
    expect(refused.count).toBe(1);
  });

  it('says how long to wait', async () => {
    const { url } = await server((_request, response) =>
      sendJson(response, 503, { error: { code: 'server_closing', message: '' } }, { 'Retry-After': '4' }),
    );
    expect(await client(url).api.call('sendMessage', SEND)).toMatchObject({
      ok: false,
      effect: 'not_stored',
      error: { code: 'server_closing', retryAfterMs: 4000 },
    });
  });

  it('reads a moment to come back at by the clock of the server that named it', async () => {
    // Eight days from here, and a minute from there.
    const there = Date.now() + 8 * 24 * 3_600_000;
    const { url } = await server((_request, response) =>
      sendJson(
        response,
        429,
        { error: { code: 'rate_limited', message: '' } },
        { Date: new Date(there).toUTCString(), 'Retry-After': new Date(there + 60_000).toUTCString() },
      ),
    );
    expect(await client(url).api.call('sendMessage', SEND)).toMatchObject({
      effect: 'not_stored',
      error: { code: 'rate_limited', retryAfterMs: 60_000 },
    });
  });

  it('knows that nothing was stored where nobody listens', async () => {
    const gone = await httpServer(() => undefined);
    await gone.close();
    expect(await client(gone.url).api.call('sendMessage', SEND)).toMatchObject({
      ok: false,
      effect: 'not_stored',
      error: { code: 'server_unreachable' },
    });
  });

  it('knows that nothing was stored where no such host is', async () => {
    expect(await client('http://no-such-host.invalid').api.call('sendMessage', SEND)).toMatchObject({
      ok: false,
      effect: 'not_stored',
    });
  });

  it('knows that nothing was stored when encryption fails', async () => {
    const { port } = await server((_request, response) => sendJson(response, 200, {}));
    expect(await client(`https://127.0.0.1:${String(port)}`).api.call('sendMessage', SEND)).toMatchObject({
      ok: false,
      effect: 'not_stored',
      error: { code: 'tls_failed' },
    });
  });

  it('knows that nothing was stored when the encryption never stands', async () => {
    const { port } = await tcp(() => undefined);
    const { api } = client(`https://127.0.0.1:${String(port)}`, { connectTimeoutMs: 100 });
    expect(await api.call('sendMessage', SEND)).toMatchObject({
      ok: false,
      effect: 'not_stored',
      error: { code: 'server_timeout' },
    });
  });

  it('does not know after a time-out', async () => {
    const { url } = await server(() => undefined);
    expect(await client(url).api.call('sendMessage', SEND, { timeoutMs: 100 })).toMatchObject({
      ok: false,
      effect: 'unknown',
      error: { code: 'server_timeout' },
    });
  });

  it('does not know after a reset', async () => {
    const { url } = await tcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await client(url).api.call('sendMessage', SEND)).toMatchObject({
      ok: false,
      effect: 'unknown',
      error: { code: 'server_unreachable' },
    });
  });

  it('does not know after an answer that ends in the middle', async () => {
    const { url } = await tcp((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{"message":')),
    );
    expect(await client(url).api.call('sendMessage', SEND)).toMatchObject({ ok: false, effect: 'unknown' });
  });

  it('does not know after an answer that is no HTTP', async () => {
    const { url } = await tcp((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9\r\n')));
    expect(await client(url).api.call('sendMessage', SEND)).toMatchObject({
      ok: false,
      effect: 'unknown',
      error: { code: 'bad_answer' },
    });
  });

  it('ends when the caller takes it back', async () => {
    const stop = new AbortController();
    const { url } = await server(() => stop.abort());
    expect(await client(url).api.call('sendMessage', SEND, { signal: stop.signal })).toMatchObject({
      ok: false,
      effect: 'unknown',
      error: { code: 'cancelled' },
    });
    expect(await client(url).api.call('sendMessage', SEND, { signal: AbortSignal.abort() })).toMatchObject({
      ok: false,
      effect: 'not_stored',
      error: { code: 'cancelled' },
    });
  });

  it('reads again over a fresh connection when a kept one was closed, but never sends again', async () => {
    let connections = 0;
    const requests: string[] = [];
    const { url } = await tcp((socket) => {
      connections++;
      socket.on('data', (bytes) => {
        requests.push(bytes.toString('latin1').split(' ')[0] ?? '');
        // The second request of a connection finds it dead.
        if (requests.length % 2 === 0) socket.resetAndDestroy();
        else
          socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"tracks":[]}');
      });
    });
    const { api } = client(url);
    expect(await api.call('music', {})).toMatchObject({ ok: true });
    expect(await api.call('music', {})).toMatchObject({ ok: true });
    expect({ connections, requests }).toEqual({ connections: 2, requests: ['GET', 'GET', 'GET'] });
    expect(await api.call('sendMessage', SEND)).toMatchObject({ ok: false, effect: 'unknown' });
    expect(requests).toEqual(['GET', 'GET', 'GET', 'POST']);
  });
});
