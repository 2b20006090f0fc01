/** What stands at an address, asked of real servers. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerView } from '../../../contract/ipc/views.ts';
import type { Result } from '../../../contract/model/errors.ts';
import { systemClock } from '../../../electron/main/platform/clock.ts';
import { createHttpClient, type HttpClient } from '../../../electron/main/services/api/http-client.ts';
import { probeServer } from '../../../electron/main/services/api/probe.ts';
import { recordingLogger } from '../../helpers/main-parts.ts';
import { httpServer, sendJson, tcpServer, type TestServer } from '../../helpers/main-servers.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';

let http: HttpClient;
let relay: TestRelay;
const servers: TestServer[] = [];

beforeAll(async () => {
  http = createHttpClient({ clock: systemClock, connectTimeoutMs: 200 });
  relay = await startTestRelay();
});
afterAll(async () => {
  http.close();
  await relay.close();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const probe = (typed: string): Promise<Result<ServerView>> => probeServer(typed, http, recordingLogger());

async function serving(
  answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void>,
): Promise<TestServer> {
  const server = await httpServer((request, response) => {
    const answer = answers[request.url ?? ''];
    if (answer) answer(request, response);
    else sendJson(response, 404, { error: { code: 'not_found', message: '' } });
  });
  servers.push(server);
  return server;
}

describe('a probe', () => {
  it('finds our node, whichever way its address is typed', async () => {
    const expected = { ok: true, value: { url: relay.url, encrypted: false, version: '0.1.0' } };
    for (const typed of [relay.url, `${relay.url}/`, `127.0.0.1:${String(relay.port)}`, ` ${relay.url}/api/docs `]) {
      expect(await probe(typed)).toMatchObject(expected);
    }
    expect(await probe(relay.url)).toMatchObject({
      value: { capabilities: expect.arrayContaining(['idempotency']) as unknown },
    });
  });

  it('knows a server of this API without extensions by its document', async () => {
    const { url } = await serving({
      '/api/docs': (_request, response) =>
        sendJson(response, 200, { openapi: '3.0.0', paths: { '/api/auth/login': {}, '/api/messages/send': {} } }),
    });
    expect(await probe(url)).toEqual({ ok: true, value: { url, encrypted: false, version: null, capabilities: [] } });
  });

  it('or by the way it asks for a token', async () => {
    const { url } = await serving({
      '/api/auth/me': (_request, response) => sendJson(response, 401, { message: 'Unauthorized' }),
    });
    expect(await probe(url)).toMatchObject({ ok: true, value: { url, version: null } });
  });

  it.each([
    ['a web site', (_: unknown, response: ServerResponse) => response.end('<html>')],
    [
      'another program',
      (_: unknown, response: ServerResponse) =>
        sendJson(response, 200, { server: 'other', version: '1', capabilities: [] }),
    ],
    [
      'a sign-in page of the network',
      (_: unknown, response: ServerResponse) => {
        response.writeHead(302, { Location: 'http://captive.example/' });
        response.end();
      },
    ],
    [
      'one that asks everybody for a password',
      (_: unknown, response: ServerResponse) => {
        response.writeHead(401, { 'WWW-Authenticate': 'Basic' });
        response.end('no');
      },
    ],
    ['one that fails', (_: unknown, response: ServerResponse) => sendJson(response, 500, 'oops')],
  ])('says of %s that it is no Relay server', async (_what, answer) => {
    const server = await httpServer(answer);
    servers.push(server);
    expect(await probe(server.url)).toMatchObject({ ok: false, error: { code: 'not_a_relay' } });
  });

  it('tells a dead address from a silent one and from one without encryption', async () => {
    const gone = await httpServer(() => undefined);
    await gone.close();
    expect(await probe(gone.url)).toMatchObject({ error: { code: 'server_unreachable' } });
    const silent = await tcpServer(() => undefined);
    servers.push(silent);
    expect(await probe(`https://127.0.0.1:${String(silent.port)}`)).toMatchObject({
      error: { code: 'server_timeout' },
    });
    expect(await probe(`https://127.0.0.1:${String(relay.port)}`)).toMatchObject({ error: { code: 'tls_failed' } });
    expect(await probe('nonsense://x')).toMatchObject({ error: { code: 'bad_address' } });
  });

  it('follows a move of the same host to encryption, and nothing else', async () => {
    const asked: string[] = [];
    const { port, url } = await serving({
      '/api/capabilities': (request, response) => {
        asked.push(request.headers.host ?? '');
        response.writeHead(301, { Location: `https://127.0.0.1:${String(port)}/api/capabilities` });
        response.end();
      },
    });
    // There is no encryption behind it: the reason is the place it moved to.
    expect(await probe(url)).toMatchObject({ ok: false, error: { code: 'tls_failed' } });
    const elsewhere: string[] = [];
    const other = await httpServer((request, response) => {
      elsewhere.push(request.url ?? '');
      sendJson(response, 200, {});
    });
    servers.push(other);
    const { url: mover } = await serving({
      '/api/capabilities': (_request, response) => {
        response.writeHead(307, { Location: `${other.url}/api/capabilities` });
        response.end();
      },
    });
    expect(await probe(mover)).toMatchObject({ ok: false, error: { code: 'not_a_relay' } });
    expect(elsewhere).toEqual([]);
  });
});
