/** The client against a server that means harm: sizes, endless answers, redirects, wrong types. The program stays up, and the token stays home. */
import { gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { systemClock } from '../../../electron/main/platform/clock.ts';
import { createHttpClient } from '../../../electron/main/services/api/http-client.ts';
import { createServerTime } from '../../../electron/main/services/time/server-time.ts';
import { createRelayApi } from '../../../electron/main/services/api/relay-api.ts';
import { createRelaySocket } from '../../../electron/main/services/socket/relay-socket.ts';
import { ManualClock, recordingLogger, until } from '../../helpers/main-parts.ts';
import { httpServer, sendJson, socketServer, tcpServer } from '../../helpers/main-servers.ts';

const TOKEN = 'token-of-the-test-0123456789';
const MB = 1024 * 1024;
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const run of undo.splice(0).reverse()) await run();
});

function keep<T extends { close(): unknown }>(made: T): T {
  undo.push(() => made.close());
  return made;
}

function client(server: string) {
  const logger = recordingLogger();
  const http = keep(createHttpClient({ clock: systemClock }));
  const serverTime = createServerTime(systemClock);
  const onDate = (date: string | undefined): void => serverTime.hear(date);
  return {
    api: createRelayApi({ http, clock: systemClock, logger, server, token: TOKEN, onDate }),
    logger,
    serverTime,
  };
}

/** Writes `part` again and again as fast as it is taken, `total` bytes at most; answers how many were taken. */
function pour(response: ServerResponse, part: Buffer, total: number): { bytes: number } {
  const poured = { bytes: 0 };
  const more = (): void => {
    while (poured.bytes < total && !response.destroyed) {
      poured.bytes += part.length;
      if (!response.write(part)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
  return poured;
}

/** Bytes of memory in use, garbage included as little as can be told from here. */
function memory(): number {
  return process.memoryUsage().rss;
}

describe('an answer without measure', () => {
  it('of one gigabyte is cut off at 16 MB, in bounded memory', async () => {
    let poured = { bytes: 0 };
    const server = keep(
      await httpServer((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.write('{"chats":[');
        poured = pour(response, Buffer.alloc(MB, '"x",'), 1024 * MB);
      }),
    );
    const before = memory();
    expect(await client(server.url).api.call('chats', { query: {} })).toMatchObject({
      ok: false,
      effect: 'unknown',
      error: { code: 'bad_answer' },
    });
    expect(poured.bytes).toBeLessThan(64 * MB);
    expect(memory() - before).toBeLessThan(150 * MB);
  });

  it('that says its size is refused as well', async () => {
    const server = keep(
      await httpServer((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': String(1024 * MB) });
        pour(response, Buffer.alloc(MB, ' '), 1024 * MB);
      }),
    );
    expect(await client(server.url).api.call('chats', { query: {} })).toMatchObject({
      ok: false,
      error: { code: 'bad_answer' },
    });
  });

  it('that swells when it is unpacked is cut off too', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MB, ' '));
    const server = keep(
      await httpServer((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
        response.end(bomb);
      }),
    );
    const before = memory();
    expect(await client(server.url).api.call('chats', { query: {} })).toMatchObject({
      ok: false,
      error: { code: 'bad_answer' },
    });
    expect(memory() - before).toBeLessThan(150 * MB);
  });

  it('that never ends is given up in time, even while it drips', async () => {
    const server = keep(
      await httpServer((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        const drip = setInterval(() => response.write(' '), 20);
        response.once('close', () => clearInterval(drip));
      }),
    );
    const started = performance.now();
    expect(await client(server.url).api.call('chats', { query: {} }, { timeoutMs: 300 })).toMatchObject({
      ok: false,
      effect: 'unknown',
      error: { code: 'server_timeout' },
    });
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('with endless headers is refused', async () => {
    const server = keep(
      await tcpServer((socket) =>
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\n');
          const more = setInterval(() => socket.write(`X-Header: ${'x'.repeat(4000)}\r\n`), 1);
          socket.once('close', () => clearInterval(more));
        }),
      ),
    );
    expect(await client(server.url).api.call('chats', { query: {} }, { timeoutMs: 5_000 })).toMatchObject({
      ok: false,
      error: { code: 'bad_answer' },
    });
  });
});

describe('a list of chats without measure', () => {
  const user = { id: 'u', username: 'n'.repeat(90), bio: 'b'.repeat(900) };
  const chat = (n: number): string =>
    JSON.stringify({ id: `c${String(n)}`, participants: [user, user], unreadCount: 1 });
  /** Reads it as main does; what came, and how much memory it took while it came. */
  async function readList(server: string, options: { timeoutMs?: number } = {}) {
    const ids: string[] = [];
    const before = memory();
    let most = 0;
    const answer = await client(server).api.call(
      'chats',
      { query: {} },
      {
        ...options,
        take: async (chats) => {
          ids.push(...chats.map(({ id }) => id));
          most = Math.max(most, memory() - before);
          return Promise.resolve();
        },
      },
    );
    return { answer, ids, most };
  }

  it('of 17.7 MiB is read whole, a piece at a time', async () => {
    const count = Math.ceil((17.7 * MB) / (chat(0).length + 3));
    const server = keep(
      await httpServer((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.write('{"chats":[');
        for (let n = 0; n < count; n += 1) response.write(`${n === 0 ? '' : ','}${chat(n)}`);
        response.end('],"next":null}');
      }),
    );
    const { answer, ids } = await readList(server.url);
    expect(answer).toMatchObject({ ok: true, cut: false, value: { chats: [] } });
    expect(ids).toHaveLength(count);
    expect(new Set(ids).size).toBe(count);
  });

  it('of one gigabyte is read to its bound, in bounded memory, and what came is kept', async () => {
    let poured = { bytes: 0 };
    const part = Buffer.from(`${chat(1)},`.repeat(Math.ceil(MB / chat(1).length)));
    const server = keep(
      await httpServer((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.write(`{"chats":[${chat(0)},`);
        poured = pour(response, part, 1024 * MB);
      }),
    );
    const { answer, ids, most } = await readList(server.url);
    expect(answer).toMatchObject({ ok: true, cut: true });
    expect(ids[0]).toBe('c0');
    expect(ids.length).toBeGreaterThan(20_000);
    expect(poured.bytes).toBeLessThan(128 * MB);
    expect(most).toBeLessThan(250 * MB);
  });

  it.each([
    [
      'one chat of 20 MB',
      (response: ServerResponse) => response.end(`${'x'.repeat(20 * MB)}"},${chat(2)}]}`),
      ['c1', 'c2'],
    ],
    ['broken chats', (response: ServerResponse) => response.end(`x"},{"id":7},nul,${chat(2)}]}`), ['c1', 'big', 'c2']],
    ['an end in the middle', (response: ServerResponse) => response.write('x', () => response.destroy()), ['c1']],
    ['no end at all', (response: ServerResponse) => response.write('x'), ['c1'], 500],
  ])('with %s keeps what makes sense of it', async (_what, go, kept, timeoutMs = 20_000) => {
    const server = keep(
      await httpServer((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.write(`{"chats":[${chat(1)},{"id":"big","participants":[],"x":"`, () => go(response));
      }),
    );
    const { answer, ids } = await readList(server.url, { timeoutMs });
    expect(answer).toMatchObject({ ok: true, cut: true });
    expect(ids).toEqual(kept);
  });

  it.each([
    ['no list', 200, '{"error":{}}', 'bad_answer'],
    ['a page of words', 200, '<html>', 'bad_answer'],
    ['a refusal', 401, '{"error":{"code":"unauthenticated","message":"x"}}', 'unauthenticated'],
  ])('that is %s is an error', async (_what, status, body, code) => {
    const server = keep(
      await httpServer((_request, response) => {
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(body);
      }),
    );
    expect((await readList(server.url)).answer).toMatchObject({ ok: false, error: { code } });
  });
});

describe('the server’s clock', () => {
  const HOUR = 3_600_000;
  it.each([
    ['an hour ahead', HOUR, HOUR],
    ['in the year 9999', Date.UTC(9999, 0, 1) - Date.now(), 24 * HOUR],
    ['in the year 1', Date.UTC(1970, 0, 1) - Date.now(), -24 * HOUR],
  ])('%s is believed within a day', async (_what, ahead, believed) => {
    const server = keep(
      await httpServer((_request, response) =>
        sendJson(response, 200, { chats: [] }, { Date: new Date(Date.now() + ahead).toUTCString() }),
      ),
    );
    const { api, serverTime } = client(server.url);
    expect(serverTime.aheadMs()).toBe(0);
    await api.call('chats', { query: {} });
    expect(Math.abs(serverTime.aheadMs() - believed)).toBeLessThan(5_000);
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('with %i leads nowhere, and the token stays here', async (status) => {
    const elsewhere: string[] = [];
    const other = keep(
      await httpServer((request, response) => {
        elsewhere.push(JSON.stringify([request.url, request.headers]));
        sendJson(response, 200, { chats: [] });
      }),
    );
    const server = keep(
      await httpServer((_request, response) => {
        response.writeHead(status, { Location: `${other.url}/api/chats`, 'Set-Cookie': 'a=b' });
        response.end();
      }),
    );
    expect(await client(server.url).api.call('chats', { query: {} })).toMatchObject({
      ok: false,
      effect: 'unknown',
      error: { code: 'redirected' },
    });
    expect(elsewhere).toEqual([]);
  });
});

describe('answers of wrong types', () => {
  const WRONG: unknown[] = [
    null,
    true,
    0,
    -1,
    1e308,
    '',
    'x',
    [],
    [[]],
    {},
    { chats: null },
    { chats: {} },
    { chats: 'x' },
    { data: { data: { data: [] } } },
    { chats: [null, 1, 'x', [], {}, { id: {} }, { id: 'a', participants: 5 }, { id: '../../x', participants: [] }] },
    { chats: [{ id: 'a', participants: [{ id: 'u', username: 'n', avatarUrl: { toString: 'x' } }] }] },
    { chats: [{ id: 'a'.repeat(100_000), participants: [] }] },
    JSON.parse('{"__proto__":{"chats":[]},"constructor":{"prototype":{}}}'),
  ];

  it('never throw and never let a broken chat through', async () => {
    let answer: unknown = null;
    const server = keep(await httpServer((_request, response) => sendJson(response, 200, answer)));
    const { api, logger } = client(server.url);
    for (answer of WRONG) {
      const got = await api.call('chats', { query: {} });
      if (got.ok) {
        for (const chat of got.value.chats) {
          expect(chat.id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
          expect(Array.isArray(chat.participants)).toBe(true);
        }
      } else expect(got.error.code).toBe('bad_answer');
    }
    expect(logger.entries.length).toBeGreaterThan(5);
    expect(({} as Record<string, unknown>)['chats']).toBeUndefined();
  });

  it('of a hundred thousand levels do not overflow anything', async () => {
    const server = keep(
      await httpServer((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(`{"chats":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
      }),
    );
    const got = await client(server.url).api.call('chats', { query: {} });
    // The one item is no chat and is left out.
    expect(got.ok ? got.value.chats : got.error.code).toEqual(got.ok ? [] : 'bad_answer');
  });

  it('keep an address that runs code as the plain text it is, and no more', async () => {
    const user = {
      id: 'u1',
      username: 'ada',
      avatarUrl: 'javascript:alert(1)',
      firstName: '<img src=x onerror=alert(1)>',
    };
    const server = keep(await httpServer((_request, response) => sendJson(response, 200, { user })));
    const got = await client(server.url).api.call('me', {});
    expect(got).toMatchObject({ ok: true, value: { user: { firstName: '<img src=x onerror=alert(1)>' } } });
  });
});

describe('a hostile socket', () => {
  function connected(server: string) {
    const logger = recordingLogger();
    const seen = { opens: 0, closes: 0, frames: 0 };
    const socket = createRelaySocket({
      server,
      token: TOKEN,
      clock: systemClock,
      random: () => 0.9,
      logger,
      onTokenRefused: () => undefined,
    });
    socket.onOpen(() => seen.opens++);
    socket.onClose(() => seen.closes++);
    socket.onFrame(() => seen.frames++);
    undo.push(() => socket.stop());
    socket.start();
    return { socket, seen, logger };
  }

  const welcome = (then: (client: WebSocket) => void) => (client: WebSocket) => {
    client.once('message', () => {
      client.send('{"type":"auth:success","data":{"userId":"u","username":"n"}}');
      then(client);
    });
  };

  it.each([
    [
      'frames of every broken kind',
      (client: WebSocket) => {
        const kinds = [
          '{}',
          '[]',
          'null',
          '{"type":"message:new","data":[]}',
          '{"type":"auth:success"}',
          '{"type":["x"]}',
          `${'['.repeat(5000)}`,
        ];
        for (let round = 0; round < 200; round++) for (const text of kinds) client.send(text);
        client.send('{"type":"typing:stop","data":{"chatId":"c","userId":"u"}}');
      },
    ],
  ])('%s change nothing and fill no log', async (_what, then) => {
    const server = keep(await socketServer(welcome(then)));
    const { seen, logger, socket } = connected(server.url);
    await until('the last frame', () => seen.frames === 1);
    expect(socket.state).toBe('open');
    expect(logger.entries.length).toBeLessThan(40);
  });

  it.each([
    ['a frame of 20 MB', (client: WebSocket) => client.send(Buffer.alloc(20 * MB, 'x'))],
    [
      'an endless message in pieces',
      (client: WebSocket) => {
        for (let piece = 0; piece < 40; piece++) client.send(Buffer.alloc(64 * 1024, 'x'), { fin: false });
      },
    ],
  ])('%s ends the connection', async (_what, then) => {
    const server = keep(await socketServer(welcome(then)));
    const before = memory();
    const { seen } = connected(server.url);
    await until('closed', () => seen.closes === 1);
    expect(seen.frames).toBe(0);
    expect(memory() - before).toBeLessThan(300 * MB);
  });

  it('a second welcome does not open it twice, and a server that welcomes and leaves is not stormed', async () => {
    const server = keep(
      await socketServer(
        welcome((client) => {
          client.send('{"type":"auth:success","data":{"userId":"u","username":"n"}}');
          client.close(1000);
        }),
      ),
    );
    const { seen, socket } = connected(server.url);
    await until('closed', () => seen.closes === 1);
    expect(seen.opens).toBe(1);
    expect((socket.nextTryAt ?? 0) - Date.now()).toBeGreaterThan(300);
  });

  it.each([
    ['leaves', 1000],
    ['says that it restarts', 1012],
  ])('that welcomes and %s, each time, is met some 40 times in ten minutes', async (_what, code) => {
    let met = 0;
    const server = keep(
      await socketServer(
        welcome((client) => {
          met += 1;
          client.close(code);
        }),
      ),
    );
    const clock = new ManualClock();
    const socket = createRelaySocket({
      server: server.url,
      token: TOKEN,
      clock,
      random: () => 0.5,
      logger: recordingLogger(),
      onTokenRefused: () => undefined,
    });
    undo.push(() => socket.stop());
    socket.start();
    for (const end = clock.now() + 600_000; clock.now() < end;) {
      await until('the connection ended', () => socket.state === 'closed' && socket.nextTryAt !== null);
      clock.advance((socket.nextTryAt ?? 0) - clock.now());
    }
    expect(met).toBeGreaterThan(10);
    expect(met).toBeLessThanOrEqual(50);
  });
});
