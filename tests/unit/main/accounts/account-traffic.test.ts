/** What goes over an account's connection, in both directions, and which of its parts fails where. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StoreError } from '../../../../electron/main/lib/store-problem.ts';
import { LiveSends } from '../../../../electron/main/services/outbox/live-sends.ts';
import { Outbox } from '../../../../electron/main/services/outbox/outbox.ts';
import { DEFAULT_SETTINGS } from '../../../../electron/main/services/settings/settings-service.ts';
import { until } from '../../../helpers/main-parts.ts';
import { accountsWorld, ANNA } from './accounts-world.ts';

vi.mock('../../../../electron/main/services/store/account-store.ts', async (original) => {
  const { inThread } = await import('./store-in-thread.ts');
  return inThread(await original());
});

let world: Awaited<ReturnType<typeof accountsWorld>>;
beforeEach(async () => void (world = await accountsWorld()));
afterEach(async () => {
  await world.end();
  vi.restoreAllMocks();
});

const CHATS = {
  chats: [
    {
      id: 'c',
      participants: ['anna', 'boris'].map((id) => ({ id, username: id, firstName: id, lastName: '' })),
      createdAt: '2026-06-01T12:00:00.000Z',
    },
  ],
  justMade: true,
};
const phases = () => world.events.flatMap(({ event }) => (event.kind === 'connection' ? [event.connection.phase] : []));

describe('what comes', () => {
  test.each([
    ['too many frames, and the server says how long', { code: 'rate_limited', retryAfterMs: 700 }, [[700]]],
    ['too many frames', { code: 'rate_limited' }, [[0]]],
    ['too many messages: it was one of them', { code: 'rate_limited', clientId: 'k' }, []],
    ['something else', { code: 'forbidden' }, []],
  ])('a refusal that may mean a signal goes to the calls: %s', async (_what, data, told) => {
    const { account, socket } = await world.open(ANNA);
    const [calls, sends] = [vi.spyOn(account.calls, 'refused'), vi.spyOn(LiveSends.prototype, 'refused')];
    socket.frame({ type: 'error', data: { message: '', ...data } } as never);
    expect(calls.mock.calls).toEqual(told);
    expect(sends).toHaveBeenCalledOnce();
  });

  test('a message goes to the store, and to the sends that may know it as their own; other events do not', async () => {
    const { account, socket } = await world.open(ANNA);
    const order: string[] = [];
    vi.spyOn(account.sync, 'event').mockImplementation(() => void order.push('store'));
    vi.spyOn(LiveSends.prototype, 'heard').mockImplementation(() => void order.push('sends'));
    socket.frame({ type: 'message:new', data: { id: 'm', chatId: 'c', clientId: 'k' } } as never);
    socket.frame({ type: 'chat:read', data: { chatId: 'c', userId: 'boris', messageId: 'm' } } as never);
    expect(order).toEqual(['store', 'sends', 'store']);
  });

  test('sends that wait for the socket hear that it has ended, or was replaced', async () => {
    const { socket } = await world.open(ANNA);
    const closed = vi.spyOn(LiveSends.prototype, 'closed');
    socket.close();
    expect(closed).toHaveBeenCalledOnce();
    await world.open(ANNA);
    expect(closed).toHaveBeenCalledTimes(2);
    socket.close();
    expect(closed).toHaveBeenCalledTimes(2);
  });

  test('who types has the name that came, or else the id', async () => {
    const { socket } = await world.open(ANNA);
    const typing = (data: object) => socket.frame({ type: 'typing:start', data: { chatId: 'c', ...data } } as never);
    typing({ userId: 'u1', username: 'boris' });
    typing({ userId: 'u2' });
    expect(world.last('typing')?.users).toEqual([
      { id: 'u1', name: 'boris' },
      { id: 'u2', name: 'u2' },
    ]);
  });

  test('nothing is heard once the account was closed', async () => {
    const { account, socket } = await world.open(ANNA);
    const heard = vi.spyOn(account.sync, 'event');
    await account.close();
    socket.frame({ type: 'presence', data: { userId: 'boris', online: true } });
    expect(heard).not.toHaveBeenCalled();
  });
});

describe('what goes', () => {
  test('that one types, while the socket is open and the token good, and the person wants it', async () => {
    const { account, socket } = await world.open(ANNA);
    account.typingReports.set('c', true);
    expect(socket.sent).toEqual([]);
    socket.become('open');
    account.typingReports.set('c', true);
    expect(socket.sent).toEqual([{ type: 'typing:start', data: { chatId: 'c' } }]);
    account.expired();
    account.typingReports.set('d', true);
    account.typingReports.set('d', false);
    expect(socket.sent).toHaveLength(1);

    await world.end();
    const settings = { view: () => ({ ...DEFAULT_SETTINGS, sendTyping: false }), onChanged: () => () => undefined };
    world = await accountsWorld({ settings });
    const quiet = await world.open(ANNA);
    quiet.socket.become('open');
    quiet.account.typingReports.set('c', true);
    expect(quiet.socket.sent).toEqual([]);
  });

  test('a call to the person of a chat that the store knows, under a key of its own', async () => {
    const { account } = await world.open(ANNA);
    expect(await account.calls.start({ chatId: 'c', type: 'audio' })).toMatchObject({ error: { code: 'not_found' } });
    await account.store.writer.applyChats({ ...CHATS, now: world.clock.now() });
    const call = await account.calls.start({ chatId: 'c', type: 'audio' });
    expect(call).toMatchObject({ ok: true, value: { peer: { id: 'boris' }, state: 'starting' } });
    expect(call.ok && call.value.key).toMatch(/^[\da-f-]{36}$/);
    const told = world.events.flatMap(({ event }) => (event.kind === 'call' ? [event.call] : []));
    expect(told[0]).toEqual(call.ok && call.value);
  });
});

describe('the connection', () => {
  test('a token that ended elsewhere is told, and everything waits', async () => {
    const { account } = await world.open(ANNA);
    world.signIn.expired.emit(ANNA);
    expect([phases(), account.connection]).toEqual([['waiting_auth'], null]);
  });

  test('that only catches up lets nothing begin that needs it live', async () => {
    const { account, socket } = await world.open(ANNA);
    const spies = [
      vi.spyOn(account.reads, 'report'),
      vi.spyOn(account.music, 'live'),
      vi.spyOn(account.backfill, 'live'),
    ];
    socket.open('anna');
    await new Promise(setImmediate);
    expect([account.sync.mode === 'live', phases().at(-1)]).toEqual([false, 'syncing']);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });
});

describe('a step in the background that fails', () => {
  type One = Awaited<ReturnType<typeof world.open>>['account'];
  const failing = () => Promise.reject(new StoreError('full', 'disk'));
  test.each<[string, (account: One) => void]>([
    ['mutes', (account) => (vi.spyOn(account.unread, 'start').mockImplementation(failing), account.retryNow())],
    ['later', (account) => (vi.spyOn(account.later, 'wake').mockImplementation(failing), account.retryNow())],
    ['outbox', (account) => (vi.spyOn(account.outbox, 'retryNow').mockImplementation(failing), account.retryNow())],
    ['expired', (account) => (vi.spyOn(account.outbox, 'disconnect').mockImplementation(failing), account.expired())],
  ])('is named: %s', async (what, run) => {
    const { account } = await world.open(ANNA);
    run(account);
    await until('it is logged', () => world.logger.of('account.step_failed').length > 0);
    expect(world.logger.of('account.step_failed')).toMatchObject([{ fields: { what, problem: 'full' } }]);
  });

  test('is named also where it waits for the store, or for what is live', async () => {
    const connect = vi.spyOn(Outbox.prototype, 'connect').mockImplementation(failing);
    world.answers.set('chats', { chats: [] });
    world.answers.set('sync', { events: [], seq: 0, hasMore: false, epoch: 'e' });
    const { account, socket } = await world.open(ANNA);
    vi.spyOn(account.reads, 'report').mockImplementation(failing);
    vi.spyOn(account.outbox, 'retryNow').mockImplementation(failing);
    await until('it was connected', () => connect.mock.calls.length > 0);
    socket.open('anna');
    await until('all are logged', () => world.logger.of('account.step_failed').length === 3);
    const whats = world.logger.of('account.step_failed').map(({ fields }) => fields['what']);
    expect(whats.toSorted()).toEqual(['line', 'outbox', 'reads']);
  });

  test('is no failure once the account was closed', async () => {
    const { account } = await world.open(ANNA);
    await account.close();
    vi.spyOn(account.unread, 'start').mockImplementation(failing);
    vi.spyOn(account.later, 'wake').mockImplementation(failing);
    account.retryNow();
    await new Promise(setImmediate);
    expect(world.logger.of('account.step_failed')).toEqual([]);
  });
});
