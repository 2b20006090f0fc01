/** Bytes that a careful client never writes: each ends in a clean 4xx or a closed line, and the server goes on. */
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestUser } from '../../helpers/relay.ts';
import { history, pair } from '../../helpers/relay-scene.ts';
import { exchange, startWatchedRelay, type WatchedRelay } from '../../helpers/relay-watch.ts';

let relay: WatchedRelay;
let anna: TestUser;
let chatId: string;
let body: string;
beforeAll(async () => {
  relay = await startWatchedRelay({ limits: { requestMs: 600 } });
  ({ anna, chatId } = await pair(relay));
  body = JSON.stringify({ chatId, content: 'raw' });
});
afterAll(() => relay.close());
afterEach(async () => {
  expect(relay.faults()).toEqual([]);
  expect((await relay.api.get('/capabilities')).status, 'the server goes on').toBe(200);
  expect((await history(anna, chatId)).total, 'nothing was stored').toBe(0);
});

const head = (extra: readonly string[], line = 'POST /api/messages/send HTTP/1.1'): string =>
  [
    line,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${anna.token}`,
    'Content-Type: application/json',
    'Connection: close',
    ...extra,
    '',
    '',
  ].join('\r\n');
const length = (): string => `Content-Length: ${Buffer.byteLength(body)}`;

/** Every status line of what came back. */
function statuses(text: string): number[] {
  return [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)]
    .map(([, status]) => Number(status))
    .filter((status) => status !== 100);
}

function expectRefused(text: string): void {
  for (const status of statuses(text)) {
    expect(status, text).toBeGreaterThanOrEqual(400);
    expect(status, text).toBeLessThan(500);
  }
  expect(text).not.toMatch(/\n\s+at |node_modules|\.ts:|sqlite/i);
}

describe('answered or closed, never stored', () => {
  test.each<[string, () => string | Buffer]>([
    ['Transfer-Encoding and Content-Length', () => `${head([length(), 'Transfer-Encoding: chunked'])}0\r\n\r\n`],
    ['Content-Length twice, different', () => `${head(['Content-Length: 5', length()])}${body}`],
    ['Content-Length negative', () => `${head(['Content-Length: -1'])}${body}`],
    ['Content-Length with a plus', () => `${head([`Content-Length: +${body.length}`])}${body}`],
    ['Content-Length too short', () => `${head(['Content-Length: 5'])}${body}`],
    ['Content-Length too long, then silence', () => `${head(['Content-Length: 5000'])}${body}`],
    ['Transfer-Encoding that is obscured', () => `${head(['Transfer-Encoding: xchunked'])}0\r\n\r\n`],
    [
      'Transfer-Encoding twice',
      () => `${head(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'])}0\r\n\r\n`,
    ],
    ['a chunk whose size is none', () => `${head(['Transfer-Encoding: chunked'])}zz\r\n${body}\r\n0\r\n\r\n`],
    ['a chunk that is endless', () => `${head(['Transfer-Encoding: chunked'])}fffffffffffffffff\r\n${body}`],
    [
      '65 KB in chunks',
      () => `${head(['Transfer-Encoding: chunked'])}${`400\r\n${' '.repeat(1024)}\r\n`.repeat(66)}0\r\n\r\n`,
    ],
    ['a header of 20 KB', () => `${head([`X-Long: ${'x'.repeat(20_000)}`, length()])}${body}`],
    ['3,000 headers', () => `${head([...Array<string>(3000).fill('X: y'), length()])}${body}`],
    ['a blank before the colon', () => `${head(['X-Header : y', length()])}${body}`],
    ['a folded header', () => `${head(['X-Header: a\r\n b', length()])}${body}`],
    ['a bare line feed', () => `${head([length()]).replaceAll('\r\n', '\n')}${body}`],
    ['NUL in a header', () => `${head(['X-Header: a\0b', length()])}${body}`],
    ['two tokens in two headers', () => `${head([`Authorization: Bearer ${anna.token}`, length()])}${body}`],
    ['no Host', () => `${head([length()]).replace('Host: 127.0.0.1\r\n', '')}${body}`],
    ['two Hosts', () => `${head(['Host: other', length()])}${body}`],
    ['HTTP/0.9', () => 'GET /api/chats\r\n\r\n'],
    ['HTTP/3.0', () => `${head([length()], 'POST /api/messages/send HTTP/3.0')}${body}`],
    ['a method that is none', () => `${head([length()], 'SEND /api/messages/send HTTP/1.1')}${body}`],
    ['CONNECT', () => head([], 'CONNECT 127.0.0.1:1 HTTP/1.1')],
    [
      'an absolute address',
      () => `${head([length()], 'POST http://other/api/messages/none/reactions HTTP/1.1')}${body}`,
    ],
    ['TLS', () => Buffer.from('16030100f8010000f40303', 'hex')],
    ['noise', () => Buffer.from(Array.from({ length: 2000 }, (_, index) => (index * 31) % 256))],
    ['Expect, then silence', () => head(['Expect: 100-continue', length()])],
    ['an Expect of something else', () => `${head(['Expect: a-miracle', length()])}${body}`],
    ['headers without an end', () => 'POST /api/messages/send HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b\r\n'],
    ['nothing', () => ''],
  ])('%s', async (_what, bytes) => {
    const { text, closed } = await exchange(relay.port, bytes(), 8000);
    expectRefused(text);
    expect(closed, 'the line is closed').toBe(true);
  });

  test('one byte at a time is cut off when its time is over', async () => {
    const socket = connect(relay.port, '127.0.0.1');
    let text = '';
    socket.on('data', (data) => (text += data.toString()));
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()).on('error', () => resolve()));
    const bytes = `${head([length()])}${body}`;
    let next = 0;
    const drip = setInterval(() => socket.writable && socket.write(bytes[next++ % bytes.length] ?? ' '), 20);
    await closed;
    clearInterval(drip);
    socket.destroy();
    expectRefused(text);
  });

  test('a method override is not obeyed', async () => {
    const { text } = await exchange(
      relay.port,
      head(['X-HTTP-Method-Override: POST'], 'GET /api/messages/send HTTP/1.1'),
    );
    expect(statuses(text)).toEqual([404]);
  });
});

describe('addresses that are written strangely lead nowhere', () => {
  test.each([
    '//api/chats',
    '/api//chats',
    '/api/./chats',
    '/api/../api/chats',
    '/api/%2e%2e/api/chats',
    '/api/chats/',
    '/api/chats;x=1',
    '/API/CHATS',
    '/api/chats%00',
    '/api/chats%2f',
    '/api/%',
    '/api/chats/%zz/messages',
    `/api/users/${'a'.repeat(257)}`,
    '/api/docs/../../relay.db',
    '/relay.db',
    '/',
    '*',
  ])('%s', async (path) => {
    const { text } = await exchange(relay.port, head([], `GET ${path} HTTP/1.1`));
    expect(statuses(text)).toHaveLength(1);
    expectRefused(text);
    expect(text).toContain('{"error":{"code":');
  });
});
