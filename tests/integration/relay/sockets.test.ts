import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { chatBetween, history, newcomer, pair, say } from '../../helpers/relay-scene.ts';
import { openSocket, signedIn } from '../../helpers/relay-socket.ts';
import { exchange } from '../../helpers/relay-watch.ts';

let relay: TestRelay;
let skew = 0;
beforeAll(async () => {
  const limits = {
    framesPerSecond: 1000,
    framesBurst: 60,
    unauthenticatedMs: 300,
    presenceGraceMs: 50,
    typingMs: 200,
  };
  relay = await startTestRelay({ limits, now: () => Date.now() + skew });
});
afterAll(() => relay.close());

describe('signing in', () => {
  test('by the address, and by the first frame', async () => {
    const { user, token } = await newcomer(relay);
    const byAddress = await openSocket(relay.socketUrl, { token });
    const byFrame = await openSocket(relay.socketUrl);
    byFrame.send({ type: 'auth', data: { token } });
    for (const socket of [byAddress, byFrame]) {
      const { data } = await socket.next('auth:success');
      expect(data).toEqual({
        userId: user.id,
        username: user.username,
        capabilities: [
          'idempotency',
          'cursors',
          'sync',
          'message-read',
          'chat-pages',
          'presence',
          'resumable-upload',
          'files',
          'music',
          'calls',
          'admin',
        ],
        epoch: expect.any(String) as unknown,
        seq: 0,
      });
    }
    await Promise.all([byAddress.close(), byFrame.close()]);
  });

  test('frames sent at once behind the token wait for it', async () => {
    const { anna, chatId } = await pair(relay);
    const socket = await openSocket(relay.socketUrl, { token: anna.token });
    for (let index = 0; index < 5; index += 1) {
      socket.send({ type: 'message:send', data: { chatId, content: `m${index}`, clientId: `early-${index}` } });
    }
    await socket.next('message:new', ({ data }) => data.clientId === 'early-4');
    expect(socket.frames[0]?.type).toBe('auth:success');
    expect((await history(anna, chatId)).messages.map(({ content }) => content)).toEqual([
      'm4',
      'm3',
      'm2',
      'm1',
      'm0',
    ]);
    await socket.close();
  });

  test.each([
    ['a wrong token in the address', { token: 'wrong' }, null],
    ['an empty token in the address', { token: '' }, null],
    ['a wrong token in the frame', {}, { type: 'auth', data: { token: 'wrong' } }],
    ['another frame first', {}, { type: 'typing:start', data: { chatId: 'c1' } }],
    ['no JSON first', {}, 'hello'],
    ['nothing in time', {}, null],
  ])('%s: auth:error, then 4401', async (_what, init, frame) => {
    const socket = await openSocket(relay.socketUrl, init);
    if (frame !== null) socket.send(frame);
    expect((await socket.next('auth:error')).data?.message).toBeTypeOf('string');
    expect((await socket.closed()).code).toBe(4401);
  });

  test('a token that ends, ends its sockets', async () => {
    const { token } = await newcomer(relay);
    const socket = await signedIn(relay.socketUrl, token);
    skew = 31 * 86_400_000;
    socket.send({ type: 'typing:stop', data: { chatId: 'none' } });
    expect((await socket.next('auth:error')).data?.message).toMatch(/ended/);
    expect((await socket.closed()).code).toBe(4401);
    skew = 0;
  });
});

describe('sending by frame', () => {
  test('the echo is the answer; the same key again is told to who asked, another payload is refused', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const [a, b] = [await signedIn(relay.socketUrl, anna.token), await signedIn(relay.socketUrl, boris.token)];
    const frame = { type: 'message:send', data: { chatId, content: 'hello', clientId: 'k1' } };
    a.send(frame);
    const echo = await a.next('message:new');
    expect(echo).toMatchObject({ seq: 1, data: { clientId: 'k1', status: 'sent' } });
    a.send(frame);
    const replay = await a.next('message:new');
    expect([replay.data.id, replay.seq]).toEqual([echo.data.id, undefined]);
    a.send({ ...frame, data: { ...frame.data, content: 'other' } });
    expect((await a.next('error')).data).toMatchObject({ code: 'key_reused', clientId: 'k1' });
    await b.settle();
    expect(b.all('message:new')).toHaveLength(1);
    await Promise.all([a.close(), b.close()]);
  });

  test.each([
    ['a chat of others', 'forbidden', (_own: string, other: string) => ({ chatId: other, content: 'x' })],
    ['no chat', 'not_found', () => ({ chatId: 'none', content: 'x' })],
    ['an empty text', 'validation', (own: string) => ({ chatId: own, content: '' })],
    ['a file that is not there', 'validation', (own: string) => ({ chatId: own, content: 'x', attachments: ['f'] })],
    ['a reply to nothing', 'validation', (own: string) => ({ chatId: own, content: 'x', replyToId: 'm' })],
  ])('%s: error %s with the key, and the connection goes on', async (_what, code, dataOf) => {
    const [{ anna, chatId }, other] = [await pair(relay), await pair(relay)];
    const socket = await signedIn(relay.socketUrl, anna.token);
    socket.send({ type: 'message:send', data: { ...dataOf(chatId, other.chatId), clientId: 'k9' } });
    expect((await socket.next('error')).data).toMatchObject({ code, clientId: 'k9' });
    socket.send({ type: 'message:send', data: { chatId, content: 'still here' } });
    await socket.next('message:new');
    expect((await history(other.anna, other.chatId)).total).toBe(0);
    await socket.close();
  });
});

describe('typing', () => {
  test('goes to the others alone and ends by a word, a message, the line, or by itself', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const stranger = await newcomer(relay);
    await chatBetween(anna, stranger);
    const [a, a2, b, s] = await Promise.all(
      [anna, anna, boris, stranger].map(({ token }) => signedIn(relay.socketUrl, token)),
    );
    if (!a || !a2 || !b || !s) throw new Error('four sockets');
    const start = { type: 'typing:start', data: { chatId } };
    const heard = async (): Promise<void> => {
      expect((await b.next('typing:start')).data).toMatchObject({ chatId, userId: anna.user.id });
      expect((await b.next('typing:stop')).data).toEqual({ chatId, userId: anna.user.id });
    };
    a.send(start);
    a.send({ type: 'typing:stop', data: { chatId } });
    await heard();
    a.send(start);
    await heard();
    a.send(start);
    a.send({ type: 'message:send', data: { chatId, content: 'x' } });
    await heard();
    a.send(start);
    await b.next('typing:start');
    await a.close();
    await b.next('typing:stop');
    await Promise.all([a2.settle(), s.settle()]);
    expect([...a2.frames, ...s.frames].filter(({ type }) => type.startsWith('typing'))).toEqual([]);
    await Promise.all([a2.close(), b.close(), s.close()]);
  });

  test('in a chat of others is refused and heard by nobody', async () => {
    const [{ anna, chatId }, { boris: intruder }] = [await pair(relay), await pair(relay)];
    const [a, i] = [await signedIn(relay.socketUrl, anna.token), await signedIn(relay.socketUrl, intruder.token)];
    for (const type of ['typing:start', 'typing:stop']) {
      i.send({ type, data: { chatId } });
      expect((await i.next('error')).data.code).toBe('forbidden');
    }
    i.send({ type: 'message:read', data: { chatId, messageId: 'm' } });
    expect((await i.next('error')).data.code).toBe('forbidden');
    i.send({ type: 'call:offer', callId: 'c1', offer: { type: 'offer', sdp: 'v=0' } });
    expect((await i.next('error')).data.code).toBe('not_found');
    await a.settle();
    expect(a.frames.map(({ type }) => type)).toEqual(['auth:success']);
    await Promise.all([a.close(), i.close()]);
  });
});

describe('presence', () => {
  test('those who share a chat hear of coming and going, unauthenticated do not', async () => {
    const { anna, boris } = await pair(relay);
    const stranger = await newcomer(relay);
    const [b, s] = [await signedIn(relay.socketUrl, boris.token), await signedIn(relay.socketUrl, stranger.token)];
    const first = await signedIn(relay.socketUrl, anna.token);
    expect((await b.next('presence')).data).toMatchObject({ userId: anna.user.id, online: true });
    const second = await signedIn(relay.socketUrl, anna.token);
    await first.close();
    await b.settle();
    expect(b.all('presence'), 'another device is still there').toHaveLength(1);
    await second.close();
    const gone = (await b.next('presence')).data;
    expect(gone).toMatchObject({ userId: anna.user.id, online: false });
    expect(Date.now() - Date.parse(gone.lastSeenAt ?? '')).toBeLessThan(10_000);
    await s.settle();
    expect(s.all('presence')).toEqual([]);
    await Promise.all([b.close(), s.close()]);
  });
});

describe('limits', () => {
  test('ten sockets of one person, not eleven, and a place that was left is free', async () => {
    const { token } = await newcomer(relay);
    const ten = await Promise.all(Array.from({ length: 10 }, () => signedIn(relay.socketUrl, token)));
    const eleventh = await openSocket(relay.socketUrl, { token });
    expect((await eleventh.next('error')).data.code).toBe('rate_limited');
    expect((await eleventh.closed()).code).toBe(1008);
    await ten.pop()?.close();
    ten.push(await signedIn(relay.socketUrl, token));
    await Promise.all(ten.map((socket) => socket.close()));
  });

  test('a burst of frames at the limit is served, one past it refused, one that goes on is closed', async () => {
    const slow = await startTestRelay({ limits: { framesPerSecond: 0.001, framesBurst: 60 } });
    const { token } = await newcomer(slow);
    const flood = await signedIn(slow.socketUrl, token);
    const stop = { type: 'typing:stop', data: { chatId: 'none' } };
    for (let index = 0; index < 60; index += 1) flood.send(stop);
    await flood.settle();
    expect(flood.all('error')).toHaveLength(60);
    expect(flood.all('error').every(({ data }) => data.code === 'not_found')).toBe(true);
    flood.send({ type: 'message:send', data: { chatId: 'none', content: 'x', clientId: 'past' } });
    const refused = await flood.next('error', ({ data }) => data.code === 'rate_limited');
    expect(refused.data).toMatchObject({ clientId: 'past', retryAfterMs: expect.any(Number) as number });
    expect(refused.data.retryAfterMs).toBeGreaterThan(0);
    // A new socket is no new account: it is the person who sends.
    const second = await signedIn(slow.socketUrl, token);
    for (let index = 0; index < 59; index += 1) second.send(stop);
    await second.settle();
    expect(second.all('error').map(({ data }) => data.code)).toEqual(Array<string>(59).fill('rate_limited'));
    flood.send(stop);
    expect((await flood.closed()).code).toBe(1008);
    second.send(stop);
    expect((await second.closed()).code).toBe(1008);
    await slow.close();
  });

  test('a burst of pings at the limit is answered, one past it closes', async () => {
    const slow = await startTestRelay({ limits: { framesPerSecond: 0.001, framesBurst: 60 } });
    const { token } = await newcomer(slow);
    const own = await signedIn(slow.socketUrl, token);
    const { socket } = own;
    const answered = new Promise<void>((resolve) => {
      let pongs = 0;
      socket.on('pong', () => (pongs += 1) === 60 && resolve());
    });
    for (let index = 0; index < 60; index += 1) socket.ping();
    await answered;
    socket.ping();
    expect((await own.closed()).code).toBe(1008);
    await slow.close();
  });

  test('64 KB in a frame are read, one byte more closes with 1009', async () => {
    const { token } = await newcomer(relay);
    const frame = (size: number): string => {
      const text = JSON.stringify({ type: 'auth', data: { token: 'x' }, pad: '' });
      return text.replace('"pad":""', `"pad":"${'x'.repeat(size - text.length)}"`);
    };
    const socket = await signedIn(relay.socketUrl, token);
    socket.sendRaw(frame(65_536));
    expect((await socket.next('error')).data.code).toBe('bad_request');
    socket.sendRaw(frame(65_537));
    expect((await socket.closed()).code).toBe(1009);
  });

  test('a reader with too much unsent is closed, the others go on', async () => {
    const small = await startTestRelay({ limits: { unsentBytes: 256 * 1024, presenceGraceMs: 0 } });
    const { anna, boris, chatId } = await pair(small);
    const stuck = new WebSocket(`${small.socketUrl}?token=${boris.token}`);
    await new Promise((resolve) => stuck.once('message', resolve));
    stuck.pause();
    const online = async (): Promise<number> =>
      (await small.admin.api.get<{ online: number }>('/admin/stats')).body.online;
    expect(await online()).toBe(1);
    const content = '😀'.repeat(4000);
    let sent = 0;
    // What the system keeps for a socket that nobody reads is some megabytes; then it is the node's to keep.
    while ((await online()) === 1 && sent < 2000) {
      await Promise.all(Array.from({ length: 25 }, () => say(anna, chatId, content)));
      sent += 25;
    }
    expect(await online(), `after ${sent} messages`).toBe(0);
    const good = await signedIn(small.socketUrl, boris.token);
    const last = await say(anna, chatId, 'last');
    await good.next('message:new', ({ data }) => data.id === last.id);
    stuck.terminate();
    await small.close();
  }, 60_000);

  test('a socket that answers no ping is cut, one whose token has ended is told', async () => {
    let later = 0;
    const quick = await startTestRelay({ limits: { heartbeatMs: 300 }, now: () => Date.now() + later });
    const { token } = await newcomer(quick);
    const silent = new WebSocket(`${quick.socketUrl}?token=${token}`, { autoPong: false });
    expect(await new Promise((resolve) => silent.once('close', resolve))).toBe(1006);
    const alive = await signedIn(quick.socketUrl, token);
    await new Promise<void>((resolve) => alive.socket.once('ping', () => resolve()));
    expect(alive.socket.readyState).toBe(WebSocket.OPEN);
    later = 31 * 86_400_000;
    await alive.next('auth:error');
    expect((await alive.closed()).code).toBe(4401);
    await quick.close();
  });

  test('unauthenticated of one address at the limit and one past it; who shows a token is let in', async () => {
    const strict = await startTestRelay({ limits: { unauthenticatedSocketsPerAddress: 2, unauthenticatedMs: 60_000 } });
    const { token } = await newcomer(strict);
    const unauthenticated = [await openSocket(strict.socketUrl), await openSocket(strict.socketUrl)];
    await expect(openSocket(strict.socketUrl)).rejects.toThrow('429');
    await expect(openSocket(strict.socketUrl, { token: `${token}x` }), 'no good token').rejects.toThrow('429');
    const own = await signedIn(strict.socketUrl, token);
    unauthenticated[0]?.send({ type: 'auth', data: { token } });
    await unauthenticated[0]?.next('auth:success');
    const third = await openSocket(strict.socketUrl);
    await expect(openSocket(strict.socketUrl)).rejects.toThrow('429');
    await Promise.all([own, third, ...unauthenticated].map((socket) => socket.close()));
    await strict.close();
  });

  test('a thousand silent sockets from many addresses keep nobody out who signs in by frame', async () => {
    const limits = { unauthenticatedSockets: 20, unauthenticatedSocketsPerAddress: 5, unauthenticatedMs: 60_000 };
    const strict = await startTestRelay({ limits, trustProxy: ['127.0.0.1'] });
    const { token } = await newcomer(strict);
    const from = (address: string) => openSocket(strict.socketUrl, { headers: { 'x-forwarded-for': address } });
    const silent = [];
    for (let index = 0; index < 20; index += 1) silent.push(await from(`2001:db8:0:${index % 4}::${index}`));
    const own = await from('198.51.100.1');
    expect((await silent[0]?.closed())?.code, 'the longest waiting made room').toBe(1008);
    own.send({ type: 'auth', data: { token } });
    await own.next('auth:success');
    await Promise.all([own, ...silent].map((socket) => socket.close()));
    await strict.close();
  });
});

test.each(['/', '/ws/', '/api/ws', '/ws%2f', '//ws'])('no socket at %s', async (path) => {
  await expect(openSocket(relay.url.replace('http', 'ws'), { path })).rejects.toThrow('404');
});

test.each([
  ['h2c', 'GET /api/capabilities', 200],
  ['TLS/1.0, HTTP/1.1', 'GET /api/capabilities', 200],
  ['h2c', 'GET /ws', 404],
])('an upgrade to %s is not heard: %s is answered as HTTP/1.1 with %i', async (protocol, line, status) => {
  const { text } = await exchange(
    relay.port,
    `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, close\r\nUpgrade: ${protocol}\r\n\r\n`,
  );
  expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(text).toContain(status === 200 ? '"server":"relay"' : '"code":"not_found"');
});
