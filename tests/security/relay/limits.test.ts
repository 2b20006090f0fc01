/** What one person and one address may ask of a node: each limit where it still serves, and one past it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../../contract/api/message.ts';
import { startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { chatBetween, history, newcomer, pair, say } from '../../helpers/relay-scene.ts';
import { openSocket, signedIn } from '../../helpers/relay-socket.ts';

/** So slow that nothing comes back while a test looks. */
const SLOWLY = 0.001;

/** The status of an answer, and whether it says when to come back. */
async function outcome(asked: Promise<{ status: number; headers: Headers }>): Promise<[number, boolean]> {
  const { status, headers } = await asked;
  return [status, Number(headers.get('retry-after')) > 0];
}
const send = (user: TestUser, chatId: string, content = 'x') => user.api.post('/messages/send', { chatId, content });

describe('sending', () => {
  let relay: TestRelay;
  beforeAll(async () => {
    const limits = { sendsPerSecond: SLOWLY, sendsBurst: 5, sendBytesPerSecond: SLOWLY, sendBytesBurst: 10_000 };
    relay = await startTestRelay({ limits });
  });
  afterAll(() => relay.close());

  test('requests, reactions and the frames of any socket draw on one account of the person', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const first = await say(anna, chatId, '1');
    const react = () => anna.api.post(`/messages/${first.id}/reactions`, { emoji: '👍' });
    const frame = (clientId: string) => ({ type: 'message:send', data: { chatId, content: 'f', clientId } });
    expect((await react()).status).toBe(201);
    const [one, two] = [await signedIn(relay.socketUrl, anna.token), await signedIn(relay.socketUrl, anna.token)];
    one.send(frame('k1'));
    await one.next('message:new', ({ data }) => data.clientId === 'k1');
    two.send(frame('k2'));
    await two.next('message:new', ({ data }) => data.clientId === 'k2');
    await say(anna, chatId, 'the fifth');
    expect(await outcome(send(anna, chatId))).toEqual([429, true]);
    expect(await outcome(react())).toEqual([429, true]);
    expect(await outcome(anna.api.put('/users/me', { bio: 'x' }))).toEqual([429, true]);
    const fresh = await signedIn(relay.socketUrl, anna.token);
    fresh.send(frame('k3'));
    const { data } = await fresh.next('error');
    expect(data).toMatchObject({ code: 'rate_limited', clientId: 'k3' });
    expect(data.retryAfterMs).toBeGreaterThan(0);
    expect((await send(boris, chatId)).status, 'another person').toBe(201);
    expect((await history(boris, chatId)).total).toBe(5);
    await Promise.all([one.close(), two.close(), fresh.close()]);
  });

  test('a key that was refused is good when it comes again', async () => {
    const quick = await startTestRelay({ limits: { sendsPerSecond: 20, sendsBurst: 1 } });
    const { anna, chatId } = await pair(quick);
    const body = { chatId, content: 'kept', clientId: 'the-key' };
    await say(anna, chatId, 'first');
    for (let status = 429; status === 429;) {
      const answer = await anna.api.post<{ message: Message }>('/messages/send', body);
      ({ status } = answer);
      if (status !== 429) expect(answer.body.message.clientId).toBe('the-key');
    }
    expect((await history(anna, chatId)).total).toBe(2);
    await quick.close();
  });

  test('bytes are counted beside messages', async () => {
    const { anna, boris, chatId } = await pair(relay);
    // Nine thousand bytes in three thousand characters.
    expect((await send(anna, chatId, '€'.repeat(3000))).status).toBe(201);
    expect((await send(anna, chatId, 'x'.repeat(1000))).status).toBe(201);
    expect(await outcome(send(anna, chatId))).toEqual([429, true]);
    expect((await send(boris, chatId, '€'.repeat(3334))).status, 'more than all of it, at once').toBe(201);
    expect((await send(boris, chatId)).status).toBe(429);
  });
});

test('requests of one person, whatever they ask for, and the dear ones count more', async () => {
  const relay = await startTestRelay({ limits: { requestsPerSecond: SLOWLY, requestsBurst: 13 } });
  const { anna, boris } = await pair(relay);
  const me = () => anna.api.get('/auth/me');
  // Opening the chat was one, the search is five, six remain.
  expect((await anna.api.get('/users/search', { q: 'x' })).status).toBe(200);
  for (let index = 0; index < 7; index += 1) expect((await me()).status).toBe(200);
  expect(await outcome(me())).toEqual([429, true]);
  const socket = await openSocket(relay.socketUrl, { token: anna.token });
  expect((await socket.next('error')).data).toMatchObject({
    code: 'rate_limited',
    retryAfterMs: expect.any(Number) as number,
  });
  expect((await socket.closed()).code, 'not 4401: the token is good').toBe(1008);
  expect((await boris.api.get('/auth/me')).status, 'another person').toBe(200);
  await relay.close();
});

describe('one address', () => {
  const start = (burst: number, trustProxy: string[] = []) =>
    startTestRelay({ trustProxy, limits: { addressRequestsPerSecond: SLOWLY, addressRequestsBurst: burst } });
  const ask = (relay: TestRelay, from: string) =>
    relay.api.request('GET', '/capabilities', { headers: { 'x-forwarded-for': from } });

  test('requests, upgrades and frames count together, whatever X-Forwarded-For says', async () => {
    // The administrator has signed in already.
    const relay = await start(7);
    const { token } = await newcomer(relay);
    const socket = await signedIn(relay.socketUrl, token);
    for (let index = 0; index < 3; index += 1) socket.send({ type: 'typing:stop', data: { chatId: 'none' } });
    await socket.settle();
    expect((await ask(relay, '198.51.100.1')).status).toBe(200);
    expect(await outcome(ask(relay, '198.51.100.2'))).toEqual([429, true]);
    await expect(openSocket(relay.socketUrl, { token })).rejects.toThrow('429');
    socket.send({ type: 'message:send', data: { chatId: 'none', content: 'x', clientId: 'k' } });
    const refused = await socket.next('error', ({ data }) => data.code === 'rate_limited');
    expect(refused.data).toMatchObject({ clientId: 'k', retryAfterMs: expect.any(Number) as number });
    await socket.close();
    await relay.close();
  });

  test('behind a trusted proxy it is the client’s, IPv6 by its network', async () => {
    const relay = await start(2, ['127.0.0.1']);
    const statuses: number[] = [];
    for (const from of ['2001:db8::1', '2001:db8::2', '2001:db8::3', '198.51.100.1', '2001:db8::4, 198.51.100.2']) {
      statuses.push((await ask(relay, from)).status);
    }
    expect(statuses).toEqual([200, 200, 429, 200, 200]);
    await relay.close();
  });
});

test('new chats of a day at the limit and one past it; a known one, nobody and oneself cost nothing', async () => {
  let now = Date.now();
  const relay = await startTestRelay({ limits: { chatsPerDay: 3 }, now: () => now });
  const [anna, ...others] = await Promise.all(Array.from({ length: 6 }, () => newcomer(relay)));
  if (!anna) throw new Error('nobody');
  const open = (userId: string) => anna.api.post('/chats', { userId });
  const [first, second, third, fourth, fifth] = others.map(({ user }) => user.id);
  const known = await chatBetween(others[4] ?? anna, anna);
  expect((await Promise.all([open(first ?? ''), open(first ?? '')])).map(({ status }) => status).toSorted()).toEqual([
    200, 201,
  ]);
  for (const id of [first, fifth, first, fifth]) expect((await open(id ?? '')).status).toBe(200);
  expect([(await open('nobody')).status, (await open(anna.user.id)).status]).toEqual([404, 400]);
  expect((await open(second ?? '')).status).toBe(201);
  expect((await open(third ?? '')).status).toBe(201);
  expect(await outcome(open(fourth ?? ''))).toEqual([429, true]);
  expect((await open(fifth ?? '')).body, 'the known one stays open').toMatchObject({ chat: { id: known } });
  expect((await others[0]?.api.post('/chats', { userId: fourth }))?.status, 'another person').toBe(201);
  now += 24 * 60 * 60_000;
  expect((await open(fourth ?? '')).status).toBe(201);
  await relay.close();
});
