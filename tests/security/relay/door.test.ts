/** Pages of the web that point a name of their own at this computer, or call across origins. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { newcomer } from '../../helpers/relay-scene.ts';
import { openSocket, signedIn } from '../../helpers/relay-socket.ts';
import { exchange } from '../../helpers/relay-watch.ts';

const KNOWN_PASSWORD = 'admin123';
let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay({ demo: true, adminPassword: KNOWN_PASSWORD, allowedHosts: ['relay.example'] });
});
afterAll(() => relay.close());

/** Logs in as the administrator under these headers, as a page would; answers the status and the body. */
async function logIn(headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const body = JSON.stringify({ username: 'admin', password: KNOWN_PASSWORD });
  const lines = Object.entries({
    ...headers,
    'Content-Type': 'application/json',
    'Content-Length': String(body.length),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const { text } = await exchange(relay.port, `POST /api/admin/login HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]), text };
}

describe('by request', () => {
  test.each<[string, () => Record<string, string>, number, string]>([
    ['a client', () => ({ Host: `127.0.0.1:${relay.port}` }), 200, '"token"'],
    ['a listed name', () => ({ Host: 'relay.example', Origin: 'https://relay.example' }), 200, '"token"'],
    ['a rebound name', () => ({ Host: `evil.example:${relay.port}` }), 421, '"wrong_host"'],
    [
      'a rebound page',
      () => ({ Host: `evil.example:${relay.port}`, Origin: `http://evil.example:${relay.port}` }),
      421,
      '"wrong_host"',
    ],
    [
      'a page elsewhere',
      () => ({ Host: `127.0.0.1:${relay.port}`, Origin: 'https://evil.example' }),
      403,
      '"forbidden"',
    ],
    ['a page of a file', () => ({ Host: `127.0.0.1:${relay.port}`, Origin: 'null' }), 403, '"forbidden"'],
    [
      'a name in the wrong header',
      () => ({ Host: 'evil.example', 'X-Forwarded-Host': '127.0.0.1' }),
      421,
      '"wrong_host"',
    ],
  ])('%s', async (_what, headers, status, word) => {
    const answer = await logIn(headers());
    expect([answer.status, answer.text.includes('"token"')]).toEqual([status, status === 200]);
    expect(answer.text).toContain(word);
  });

  test('also where there is nothing, and for what asks before it asks', async () => {
    for (const line of [
      'GET /',
      'GET /api/docs',
      'OPTIONS /api/admin/login',
      'GET http://127.0.0.1/api/capabilities',
    ]) {
      const { text } = await exchange(
        relay.port,
        `${line} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
      );
      expect(text, line).toMatch(/^HTTP\/1\.1 421 /);
    }
  });
});

test.each([
  ['a rebound name', { host: 'evil.example' }, '421'],
  ['a page elsewhere', { origin: 'https://evil.example' }, '403'],
  ['a page of a file', { origin: 'null' }, '403'],
])('by upgrade: %s', async (_what, headers, status) => {
  const { token } = await newcomer(relay);
  await expect(openSocket(relay.socketUrl, { token, headers })).rejects.toThrow(status);
  await (await signedIn(relay.socketUrl, token)).close();
});
