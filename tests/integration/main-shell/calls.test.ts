/** Two whole mains on one real node, and a third device: what the pages are told of their calls. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallMediaView, CallSignalView, CallView } from '../../../contract/ipc/call-views.ts';
import { isOfAccount } from '../../../contract/ipc/coalesce.ts';
import type { AccountEvent } from '../../../contract/ipc/push.ts';
import { startMain, type TestMain } from '../../helpers/main-assembly.ts';
import { ownFolder, secretStore, until } from '../../helpers/main-parts.ts';
import { createRelayClient, startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { openSocket } from '../../helpers/relay-socket.ts';

interface Person {
  main: TestMain;
  accountId: string;
  own: Awaited<ReturnType<typeof ownFolder>>;
}

const PASSWORD = 'a fine password';
let relay: TestRelay;
let ada: Person;
let ben: Person;
let chatId = '';

async function person(username: string): Promise<Person> {
  const own = await ownFolder();
  const main = await startMain(own.folder, secretStore('strong'), relay.url);
  const names = { username, password: PASSWORD, firstName: username, lastName: 'Example', age: 30, bio: '' };
  const opened = await main.call('accounts.register', { server: relay.url, ...names });
  if (!opened.ok) throw new Error(opened.error.message);
  await until(`${username} is live`, () => main.logger.of('sync.live').length > 0);
  await main.call('app.ready', {});
  return { main, own, accountId: opened.value.accountId };
}

async function token(username: string): Promise<string> {
  const answer = await createRelayClient(relay.url).post<{ token: string }>('/auth/login', {
    username,
    password: PASSWORD,
  });
  return answer.body.token;
}

const events = ({ main, accountId }: Person): AccountEvent[] =>
  main.pushed.flatMap((push) => (isOfAccount(push) && push.accountId === accountId ? [push.event] : []));
/** The states of this person's calls, oldest first. */
const calls = (who: Person): CallView[] => events(who).flatMap((event) => (event.kind === 'call' ? [event.call] : []));
const lastCall = (who: Person): CallView | undefined => calls(who).at(-1);
const signals = (who: Person, key: string): CallSignalView[] =>
  events(who).flatMap((event) => (event.kind === 'call:signal' && event.key === key ? [event.signal] : []));

async function start(who: Person, type: 'audio' | 'video' = 'audio'): Promise<CallView> {
  const answer = await who.main.call('calls.start', { accountId: who.accountId, chatId, type });
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value;
}
const inState = (who: Person, state: CallView['state']): Promise<unknown> =>
  until(`a call that is ${state}`, () => lastCall(who)?.state === state);
const end = (who: Person, key: string) =>
  who.main.call('calls.end', { accountId: who.accountId, key, reason: 'hung_up' });
const signal = (who: Person, key: string, one: CallSignalView) =>
  who.main.call('calls.signal', { accountId: who.accountId, key, signal: one });
const offer = (sdp: string): CallSignalView => ({ kind: 'offer', description: { type: 'offer', sdp } });
const candidate = (text: string): CallSignalView => ({ kind: 'candidate', candidate: { candidate: text } });

/** A call that runs: the keys on both sides. */
async function talk(): Promise<{ onAda: string; onBen: string; id: string }> {
  const { key } = await start(ada);
  await inState(ben, 'ringing');
  const ring = lastCall(ben);
  if (!ring?.id) throw new Error('no ring');
  await ben.main.call('calls.accept', { accountId: ben.accountId, key: ring.key, withVideo: false });
  await signal(ben, ring.key, { kind: 'answer', description: { type: 'answer', sdp: 'yes' } });
  await inState(ada, 'active');
  return { onAda: key, onBen: ring.key, id: ring.id };
}

beforeAll(async () => {
  // A hundred calls within two seconds take more frames than people do; a refused one would be a lost signal.
  const limits = { framesPerSecond: 100_000, framesBurst: 100_000 };
  relay = await startTestRelay({ limits, ice: { turn: { urls: ['turn:localhost:3478'], secret: 'shared' } } });
  ada = await person('ada');
  ben = await person('ben');
  const found = await ada.main.call('users.search', { accountId: ada.accountId, q: 'ben' });
  const userId = found.ok ? found.value[0]?.id : undefined;
  if (userId === undefined) throw new Error('ben was not found');
  const chat = await ada.main.call('chats.create', { accountId: ada.accountId, userId });
  if (!chat.ok) throw new Error(chat.error.message);
  chatId = chat.value.id;
  // Ben hears of the chat by it.
  await ada.main.call('messages.send', { accountId: ada.accountId, chatId, text: 'May I call?', replyTo: null });
  await until('the chat', () => events(ben).some((event) => event.kind === 'chats' && event.upserts.length > 0));
});
afterAll(async () => {
  for (const { main, own } of [ada, ben]) {
    await main.close();
    await own.remove();
  }
  await relay.close();
});
beforeEach(() => {
  for (const { main } of [ada, ben])
    for (const list of [main.pushed, main.shown, main.rings, main.missed]) list.splice(0);
});
afterEach(async () => {
  for (const who of [ada, ben]) {
    const call = lastCall(who);
    if (call && call.state !== 'ended') await end(who, call.key);
    await until('the end', () => lastCall(who) === undefined || lastCall(who)?.state === 'ended');
    expect(who.main.assembly.calls.current).toBeNull();
  }
  await expect.poll(() => openCalls()).toBe(0);
});
async function openCalls(): Promise<number> {
  const api = createRelayClient(relay.url, await token('ada'));
  const { body } = await api.get<{ calls: { status: string }[] }>('/calls');
  return body.calls.filter(({ status }) => status === 'ringing' || status === 'active').length;
}

describe('a call', () => {
  it('rings, is answered, carries signals in order, and ends on both sides', async () => {
    const { key, polite, state } = await start(ada, 'video');
    expect(state).toBe('starting');
    // Said before the server has even given the call its id.
    expect(await signal(ada, key, offer('old'))).toMatchObject({ ok: true });
    expect(await signal(ada, key, offer('new'))).toMatchObject({ ok: true });
    expect(await signal(ada, key, candidate('one'))).toMatchObject({ ok: true });
    await inState(ben, 'ringing');
    const ring = lastCall(ben);
    if (!ring) throw new Error('no ring');
    expect(ring).toMatchObject({
      incoming: true,
      type: 'video',
      chatId,
      peer: { name: 'ada Example' },
      polite: !polite,
    });
    await until('the ring', () => ben.main.rings.length === 1);
    expect(signals(ben, ring.key)).toEqual([]);
    expect(await signal(ben, ring.key, offer('too early'))).toMatchObject({ ok: false, error: { code: 'conflict' } });
    const taken = await ben.main.call('calls.accept', { accountId: ben.accountId, key: ring.key, withVideo: true });
    expect(taken).toMatchObject({ ok: true, value: { state: 'active', withVideo: true } });
    expect(ben.main.rings).toEqual([]);
    await until('the signals', () => signals(ben, ring.key).length === 2);
    expect(signals(ben, ring.key)).toEqual([offer('new'), candidate('one')]);
    await signal(ben, ring.key, { kind: 'answer', description: { type: 'answer', sdp: 'yes' } });
    await inState(ada, 'active');
    await until('the answer', () => signals(ada, key).length === 1);
    expect(ada.main.outside).toContain('awake true');
    await end(ada, key);
    await inState(ben, 'ended');
    expect([lastCall(ada)?.end, lastCall(ben)?.end]).toEqual(['hung_up', 'hung_up']);
    expect(calls(ada).map((call) => call.state)).toEqual(['starting', 'ringing', 'active', 'ended']);
    expect(calls(ben).map((call) => call.state)).toEqual(['ringing', 'active', 'ended']);
    expect(ada.main.outside.at(-1)).toBe('awake false');
    const history = await ben.main.call('calls.history', { accountId: ben.accountId, before: null, limit: 10 });
    expect(history).toMatchObject({
      ok: true,
      value: { more: false, calls: [{ incoming: true, type: 'video', end: 'hung_up', peer: { name: 'ada Example' } }] },
    });
  });

  it('of both at once is one call, 100 times', async () => {
    for (let round = 0; round < 100; round += 1) {
      for (const { main } of [ada, ben]) main.pushed.splice(0);
      const [one, two] = await Promise.all([start(ada), start(ben)]);
      await signal(ada, one.key, offer('of ada'));
      await signal(ben, two.key, offer('of ben'));
      // The one that called first hears of the other by their signals.
      await Promise.all([inState(ada, 'active'), inState(ben, 'active')]);
      const [a, b] = [lastCall(ada), lastCall(ben)];
      expect(a?.id).toBe(b?.id);
      expect([a?.incoming, b?.incoming].toSorted()).toEqual([false, true]);
      expect(a?.polite).toBe(!b?.polite);
      await until('the signals', () => signals(ada, one.key).length > 0 && signals(ben, two.key).length > 0);
      await end(round % 2 === 0 ? ada : ben, round % 2 === 0 ? one.key : two.key);
      await Promise.all([inState(ada, 'ended'), inState(ben, 'ended')]);
      expect(new Set([...calls(ada), ...calls(ben)].flatMap(({ id }) => id ?? [])).size).toBe(1);
    }
  }, 120_000);

  it('is declined, cancelled, and missed where nobody looked', async () => {
    await start(ada);
    await inState(ben, 'ringing');
    await until('the ring', () => ben.main.rings.length === 1);
    ben.main.rings[0]?.answers.decline();
    await inState(ada, 'ended');
    expect([lastCall(ada)?.end, lastCall(ben)?.end]).toEqual(['rejected', 'rejected']);
    const { key } = await start(ada);
    await inState(ben, 'ringing');
    await end(ada, key);
    await inState(ben, 'ended');
    expect([lastCall(ada)?.end, lastCall(ben)?.end]).toEqual(['cancelled', 'missed']);
    await until('the missed call', () => ben.main.missed.length === 1);
    expect(ben.main.rings).toEqual([]);
  });

  it('is accepted from its notification', async () => {
    await start(ada);
    await inState(ben, 'ringing');
    await until('the ring', () => ben.main.rings.length === 1);
    ben.main.rings[0]?.answers.accept();
    await inState(ben, 'active');
    expect(ben.main.outside).toContain('raise');
    await until('the page is asked to show it', () =>
      events(ben).some((event) => event.kind === 'call:command' && event.command === 'show'),
    );
  });

  it('answered by another device ends here, and what comes of it is dropped', async () => {
    const phone = await openSocket(relay.socketUrl);
    const benToken = await token('ben');
    phone.send({ type: 'auth', data: { token: benToken, device: 'the-phone-1' } });
    await phone.next('auth:success');
    await start(ada);
    await inState(ben, 'ringing');
    const id = (await phone.next('call:incoming')).data.id;
    await createRelayClient(relay.url, benToken).post(`/calls/${id}/answer`, { device: 'the-phone-1' });
    await inState(ben, 'ended');
    expect(lastCall(ben)?.end).toBe('elsewhere');
    expect(ben.main.missed).toEqual([]);
    const key = lastCall(ben)?.key ?? '';
    expect(await signal(ben, key, offer('late'))).toMatchObject({ ok: false });
    phone.send({ type: 'call:answer', callId: id, answer: { type: 'answer', sdp: 'phone' }, seq: 0 });
    await inState(ada, 'active');
    await phone.close();
  });

  it('while another one runs is missed, and its caller hears that one is busy', async () => {
    const { onBen } = await talk();
    const clara = await relay.register(`clara${Date.now() % 1000}`);
    const found = await clara.api.get<{ users: { id: string }[] }>('/users/search', { q: 'ben' });
    const chat = await clara.api.post<{ chat: { id: string } }>('/chats', { userId: found.body.users[0]?.id });
    const refused = await clara.api.post('/calls/initiate', { chatId: chat.body.chat.id, type: 'audio' });
    expect(refused.status).toBe(409);
    expect(await ben.main.call('calls.start', { accountId: ben.accountId, chatId, type: 'audio' })).toMatchObject({
      ok: false,
      error: { code: 'call_busy' },
    });
    // Told as missed, without an end to the one that runs.
    await expect.poll(() => lastCall(ben)).toMatchObject({ state: 'ended', end: 'missed', incoming: true });
    expect(lastCall(ben)?.chatId).toBe(chat.body.chat.id);
    expect(ben.main.assembly.calls.current?.view).toMatchObject({ key: onBen, state: 'active' });
    await end(ben, onBen);
  });

  it('of another account of the same app is missed, and its caller hears that one is busy', async () => {
    await talk();
    const second = await ben.main.call('accounts.register', {
      ...{ server: relay.url, username: 'benjamin', password: PASSWORD, firstName: 'Benjamin', lastName: 'Example' },
      ...{ age: 30, bio: '' },
    });
    if (!second.ok) throw new Error(second.error.message);
    const { accountId } = second.value;
    await until('the second account is live', () => ben.main.logger.of('sync.live').length > 1);
    const emma = await relay.register('emma');
    const found = await emma.api.get<{ users: { id: string }[] }>('/users/search', { q: 'benjamin' });
    const chat = await emma.api.post<{ chat: { id: string } }>('/chats', { userId: found.body.users[0]?.id });
    const made = await emma.api.post<{ call: { id: string } }>('/calls/initiate', {
      ...{ chatId: chat.body.chat.id, type: 'audio' },
    });
    expect(made.status).toBe(201);
    const history = async () => (await emma.api.get<{ calls: object[] }>('/calls')).body.calls[0];
    await expect.poll(history).toMatchObject({ status: 'rejected', reason: 'busy' });
    await until('the missed call', () => ben.main.missed.length === 1);
    expect(ben.main.missed[0]).toMatchObject({ peer: { name: 'emma Test' }, end: 'missed' });
    expect(ben.main.assembly.calls.current?.view.state).toBe('active');
    const own = await ben.main.call('calls.history', { accountId, before: null, limit: 10 });
    expect(own).toMatchObject({ ok: true, value: { calls: [{ end: 'missed', incoming: true }] } });
    await ben.main.call('accounts.logout', { accountId, forget: true });
  });

  it('to somebody who is offline rings, reaches them when they come, and can be given up', async () => {
    const frieda = await relay.register('frieda');
    const found = await ada.main.call('users.search', { accountId: ada.accountId, q: 'frieda' });
    const userId = found.ok ? (found.value[0]?.id ?? '') : '';
    const chat = await ada.main.call('chats.create', { accountId: ada.accountId, userId });
    if (!chat.ok) throw new Error(chat.error.code);
    const made = await ada.main.call('calls.start', { accountId: ada.accountId, chatId: chat.value.id, type: 'audio' });
    await inState(ada, 'ringing');
    const late = await openSocket(relay.socketUrl, { token: frieda.token });
    const { data } = await late.next('call:incoming');
    expect(data.id).toBe(lastCall(ada)?.id);
    await end(ada, made.ok ? made.value.key : '');
    expect((await late.next('call:ended')).data).toMatchObject({ id: data.id, status: 'cancelled' });
    await late.close();
  });

  it('ignores signals of a call one is not in', async () => {
    const { onBen, id } = await talk();
    const stranger = await relay.register(`dora${Date.now() % 1000}`);
    const socket = await openSocket(relay.socketUrl, { token: stranger.token });
    await socket.next('auth:success');
    socket.send({ type: 'call:ice-candidate', callId: id, candidate: { candidate: 'foreign' } });
    expect((await socket.next('error')).data.code).toBe('forbidden');
    await socket.close();
    expect(signals(ben, onBen).filter(({ kind }) => kind === 'candidate')).toEqual([]);
  });

  it('names servers with fresh credentials, and screens only while it runs', async () => {
    expect(await ada.main.call('calls.screens', {})).toMatchObject({ ok: false, error: { code: 'denied' } });
    const { onAda } = await talk();
    const servers = await ada.main.call('calls.iceServers', { accountId: ada.accountId });
    expect(servers).toMatchObject({
      ok: true,
      value: [{ username: expect.stringMatching(/^\d+:/) as string }],
    });
    // The page resolves no names.
    for (const url of servers.ok ? (servers.value[0]?.urls ?? []) : [])
      expect(url).toMatch(/^turn:(?:127\.0\.0\.1|\[::1\]):3478$/);
    expect(servers.ok && servers.value[0]?.urls.length).toBeGreaterThan(0);
    expect(await ada.main.call('calls.screens', {})).toMatchObject({
      ok: true,
      value: { ownPicker: false, screens: [{ id: 'screen:0:0', kind: 'screen' }] },
    });
    expect(await ada.main.call('calls.chooseScreen', { id: 'window:9:9', sound: false })).toMatchObject({ ok: false });
    await ada.main.call('calls.chooseScreen', { id: 'screen:0:0', sound: true });
    const { screens } = ada.main.assembly;
    expect(await screens.answer()).toEqual({ source: { id: 'screen:0:0', name: 'Screen' }, sound: false });
    expect(await screens.answer()).toBeNull();
    const media: CallMediaView = {
      ...{ muted: true, camera: false, sharing: true, connected: true, link: 'connected', quality: 'fair' },
      ...{ theirsMuted: false, together: null },
    };
    await ada.main.call('calls.media', { accountId: ada.accountId, key: onAda, ...media });
    expect(ada.main.shown.at(-1)).toMatchObject({ media: { muted: true, sharing: true } });
  });

  it('is in the snapshot of a page that starts anew', async () => {
    const { onAda } = await talk();
    ada.main.assembly.pageGone('main');
    const again = await ada.main.call('app.ready', {});
    expect(again).toMatchObject({ ok: true, value: { states: [{ call: { key: onAda, state: 'active' } }] } });
  });
});
