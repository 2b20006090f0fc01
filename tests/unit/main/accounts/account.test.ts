/** One account: what its socket, its token and its store's changes bring about, and what the page is told. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LIBRARY_PLACE } from '../../../../contract/model/limits.ts';
import type { ServerFrameOf } from '../../../../contract/ws/server-frames.ts';
import { StoreError } from '../../../../electron/main/lib/store-problem.ts';
import type { ChangeSet } from '../../../../electron/main/services/store/protocol.ts';
import { until } from '../../../helpers/main-parts.ts';
import { accountsWorld, ANNA } from './accounts-world.ts';

vi.mock('../../../../electron/main/services/store/account-store.ts', async (original) => {
  const { inThread } = await import('./store-in-thread.ts');
  return inThread(await original());
});

const ONLINE: ServerFrameOf<'presence'> = { type: 'presence', data: { userId: 'boris', online: true } };
const NOTHING: ChangeSet = { messages: [], chats: [], stale: [], unread: null, failed: [], uploads: [] };

let world: Awaited<ReturnType<typeof accountsWorld>>;
beforeEach(async () => void (world = await accountsWorld()));
afterEach(() => world.end());

const phases = () => world.events.flatMap(({ event }) => (event.kind === 'connection' ? [event.connection.phase] : []));

describe('the connection', () => {
  test('each state is told once, and nothing of it after the account was closed', async () => {
    const { socket, account } = await world.open(ANNA);
    expect(account.connectionView).toEqual({ phase: 'connecting', retryAt: null, reason: null });
    socket.become('closed', 'offline');
    socket.become('closed', 'offline');
    socket.become('connecting');
    socket.open('anna');
    expect(phases()).toEqual(['offline', 'connecting', 'syncing']);
    expect(account.connection?.socket).toBe(socket);
    await account.close();
    socket.become('closed', 'offline');
    account.tellConnection();
    expect(phases()).toEqual(['offline', 'connecting', 'syncing']);
  });

  test('without a good token it waits for a sign-in; the next one takes over, and the old socket is left', async () => {
    const { socket, account } = await world.open(ANNA, false);
    expect([account.connection, account.connectionView.phase]).toEqual([null, 'waiting_auth']);
    const later = await world.open(ANNA);
    expect(account.connection?.socket).toBe(later.socket);
    expect(account.connectionView.phase).toBe('connecting');
    const frame = vi.spyOn(account.sync, 'event');
    socket.frame(ONLINE);
    expect(frame).not.toHaveBeenCalled();
    later.socket.frame(ONLINE);
    expect(frame).toHaveBeenCalledOnce();
  });

  test('a refused token: once, everything waits, and sign-in is told; also when a socket says so', async () => {
    const { account } = await world.open(ANNA);
    const [files, outbox] = [vi.spyOn(account.files, 'disconnect'), vi.spyOn(account.outbox, 'disconnect')];
    account.connection?.tokenRefused();
    account.expired();
    expect(world.refusals).toEqual([ANNA]);
    expect([account.connection, phases()]).toEqual([null, ['waiting_auth']]);
    expect([files.mock.calls.length, outbox.mock.calls.length]).toEqual([1, 1]);

    const again = await world.open(ANNA);
    again.socket.become('closed', 'unauthenticated');
    expect(account.connection).toBeNull();
  });

  test('a late refusal of an earlier sign-in says nothing of this one', async () => {
    const { account } = await world.open(ANNA);
    const early = account.connection;
    await world.open(ANNA);
    early?.tokenRefused();
    expect(account.connection).not.toBeNull();
    expect(world.refusals).toEqual([]);
  });

  test.each([
    [true, 'connect'],
    [false, 'disconnect'],
  ] as const)('the outbox and the files learn of it when the store is open (good token: %s)', async (online, done) => {
    const { account } = await world.open(ANNA, online);
    const [files, outbox] = [vi.spyOn(account.files, done), vi.spyOn(account.outbox, done)];
    await world.open(ANNA, online);
    await until('the outbox knows', () => outbox.mock.calls.length === 1);
    expect(files).toHaveBeenCalledOnce();
  });

  test('try again: the socket, what is read, what waits, mutes, calls', async () => {
    const { account, socket } = await world.open(ANNA);
    const spies = [
      vi.spyOn(account.sync, 'check'),
      vi.spyOn(account.unread, 'start'),
      vi.spyOn(account.outbox, 'retryNow'),
      vi.spyOn(account.files, 'retryNow'),
      vi.spyOn(account.later, 'wake'),
      vi.spyOn(account.calls, 'network'),
    ];
    account.retryNow();
    expect([socket.nudged, ...spies.map(({ mock }) => mock.calls.length)]).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  test('the server’s time is that of its connection', async () => {
    const { account } = await world.open(ANNA);
    expect(account.serverNow()).toBeNull();
    world.signIn.opened.emit(world.contextOf(ANNA, 1_234).context, true);
    expect(account.serverNow()).toBe(1_234);
  });
});

describe('what is live', () => {
  test('everything that waited for it begins', async () => {
    world.answers.set('chats', { chats: [] });
    world.answers.set('sync', { events: [], seq: 0, hasMore: false, epoch: 'e' });
    const { account, socket } = await world.open(ANNA);
    const spies = {
      reads: vi.spyOn(account.reads, 'report'),
      outbox: vi.spyOn(account.outbox, 'retryNow'),
      files: vi.spyOn(account.files, 'retryNow'),
      later: vi.spyOn(account.later, 'look'),
      backfill: vi.spyOn(account.backfill, 'live'),
      music: vi.spyOn(account.music, 'live'),
    };
    socket.open('anna');
    await until('it is live', () => account.sync.mode === 'live');
    expect(account.connectionView.phase).toBe('live');
    for (const [name, spy] of Object.entries(spies)) expect(spy, name).toHaveBeenCalled();
  });
});

describe('frames', () => {
  test('who types is told, but not this person; and who stops', async () => {
    const { socket } = await world.open(ANNA);
    const typing = (type: 'typing:start' | 'typing:stop', userId: string) =>
      socket.frame({ type, data: { chatId: 'c', userId, username: userId } } as never);
    typing('typing:start', 'anna');
    expect(world.last('typing')).toBeUndefined();
    typing('typing:start', 'boris');
    expect(world.last('typing')).toMatchObject({ chatId: 'c', users: [{ id: 'boris' }] });
    typing('typing:stop', 'boris');
    expect(world.last('typing')).toMatchObject({ chatId: 'c', users: [] });
  });

  test('a refusal is logged by its code', async () => {
    const { socket } = await world.open(ANNA);
    socket.frame({ type: 'error', data: { code: 'rate_limited', message: 'slowly' } } as never);
    expect(world.logger.of('account.frame_refused')).toMatchObject([
      { level: 'warn', fields: { code: 'rate_limited' } },
    ]);
  });

  test('calls go to the calls, and a new connection tells them', async () => {
    const { account, socket } = await world.open(ANNA);
    const [frame, opened] = [vi.spyOn(account.calls, 'frame'), vi.spyOn(account.calls, 'opened')];
    socket.frame({ type: 'call:ended', data: { callId: 'x', status: 'ended' } } as never);
    expect(frame).toHaveBeenCalledOnce();
    socket.open('anna');
    expect(opened).toHaveBeenCalledOnce();
  });

  test('whoever comes online may have waited for a message', async () => {
    const { account, socket } = await world.open(ANNA);
    const [seen, away] = [vi.spyOn(account.later, 'seen'), vi.spyOn(account.later, 'away')];
    socket.frame(ONLINE);
    await until('it was told', () => seen.mock.calls.length > 0);
    expect(seen).toHaveBeenCalledWith('boris', true);
    socket.close();
    expect(away).toHaveBeenCalledOnce();
  });
});

describe('changes of the store', () => {
  const since = () => {
    const from = world.events.length;
    return () => world.events.slice(from).map(({ event }) => event);
  };

  test('nothing changed: nothing is told', async () => {
    const { account } = await world.open(ANNA);
    const told = since();
    account.publish(NOTHING);
    account.publish({ ...NOTHING, messages: [{ chatId: 'c', upserts: [], removed: [] }] });
    expect(told()).toEqual([]);
  });

  test('each kind is told', async () => {
    const { account } = await world.open(ANNA);
    const [wake, offer] = [vi.spyOn(account.backfill, 'wake'), vi.spyOn(account.unread, 'offer')];
    const told = since();
    const chat = { id: 'c' } as never;
    account.publish({ ...NOTHING, chats: [chat] });
    account.publish({ ...NOTHING, messages: [{ chatId: 'c', upserts: [], removed: ['k'] }] });
    account.publish({ ...NOTHING, messages: [{ chatId: 'c', upserts: [{ key: 'k' } as never], removed: [] }] });
    account.publish({ ...NOTHING, stale: ['c', 'd'] });
    expect(wake).toHaveBeenCalledOnce();
    account.publish({ ...NOTHING, unread: { messages: 2, chats: 1 } });
    expect(offer).toHaveBeenCalledWith({ messages: 2, chats: 1 });
    account.publish({ ...NOTHING, failed: [{ code: 'too_long' } as never] });
    expect(told().filter(({ kind }) => kind !== 'unread')).toEqual([
      { kind: 'chats', upserts: [chat], removed: [] },
      { kind: 'messages', chatId: 'c', upserts: [], removed: ['k'] },
      { kind: 'messages', chatId: 'c', upserts: [{ key: 'k' }], removed: [] },
      { kind: 'messages:stale', chatId: 'c' },
      { kind: 'messages:stale', chatId: 'd' },
      { kind: 'notice', notice: 'send_failed', code: 'too_long' },
    ]);
  });

  test('uploads: the files, a waiting message, and the library if it is theirs', async () => {
    const { account } = await world.open(ANNA);
    const [files, outbox, music] = [
      vi.spyOn(account.files, 'changed'),
      vi.spyOn(account.outbox, 'wake'),
      vi.spyOn(account.music, 'uploadsChanged'),
    ];
    const calls = () => [files, outbox, music].map(({ mock }) => mock.calls.length);
    account.publish({ ...NOTHING, uploads: ['c'] });
    expect(calls()).toEqual([1, 1, 0]);
    account.publish({ ...NOTHING, uploads: [LIBRARY_PLACE] });
    expect(calls()).toEqual([2, 2, 1]);
  });

  test('after the account was closed nothing is told', async () => {
    const { account } = await world.open(ANNA);
    await account.close();
    const told = since();
    account.publish({ ...NOTHING, stale: ['c'] });
    expect(told()).toEqual([]);
  });
});

describe('the head of the list', () => {
  test('is read once, until something changes or the connection does', async () => {
    const { account, socket } = await world.open(ANNA);
    const first = account.snapshot();
    expect(account.snapshot()).toBe(first);
    account.publish(NOTHING);
    const second = account.snapshot();
    expect(second).not.toBe(first);
    socket.become('closed', 'offline');
    expect(account.snapshot()).not.toBe(second);
    await Promise.all([first, second, account.snapshot()]);
  });

  test('is told at the beginning, with how much is unread', async () => {
    await world.open(ANNA);
    expect(world.events.find(({ event }) => event.kind === 'chats:reset')).toEqual({
      accountId: ANNA,
      event: { kind: 'chats:reset', chats: [], more: false },
    });
    expect(world.counts).toEqual([[ANNA, []]]);
  });

  test('a reading that failed is not kept', async () => {
    const { account } = await world.open(ANNA);
    account.publish(NOTHING);
    const broken = vi.spyOn(account.store, 'writer', 'get').mockReturnValue({
      snapshot: () => Promise.reject(new StoreError('busy', 'busy')),
    } as never);
    await expect(account.snapshot()).rejects.toThrow('busy');
    broken.mockRestore();
    expect(await account.snapshot()).toMatchObject({ chats: [] });
  });
});

describe('failures', () => {
  test('a step in the background that fails is logged by its problem, until the account is closed', async () => {
    const { account } = await world.open(ANNA);
    const outbox = vi.spyOn(account.outbox, 'retryNow').mockRejectedValue(new StoreError('full', 'disk'));
    account.retryNow();
    await until('it is logged', () => world.logger.of('account.step_failed').length === 1);
    expect(world.logger.of('account.step_failed')[0]).toMatchObject({ fields: { what: 'outbox', problem: 'full' } });
    outbox.mockRejectedValue(new TypeError('ours'));
    account.retryNow();
    await until('it is logged', () => world.logger.of('account.step_failed').length === 2);
    expect(world.logger.of('account.step_failed')[1]).toMatchObject({ fields: { problem: 'failed' } });
  });

  test('closing stops everything', async () => {
    const { account } = await world.open(ANNA);
    const spies = {
      backfill: vi.spyOn(account.backfill, 'stop'),
      later: vi.spyOn(account.later, 'stop'),
      sync: vi.spyOn(account.sync, 'stop'),
      unread: vi.spyOn(account.unread, 'stop'),
      reads: vi.spyOn(account.reads, 'stop'),
      outbox: vi.spyOn(account.outbox, 'stop'),
      music: vi.spyOn(account.music, 'stop'),
      exports: vi.spyOn(account.exports, 'close'),
      files: vi.spyOn(account.files, 'close'),
      calls: vi.spyOn(account.calls, 'close'),
      store: vi.spyOn(account.store, 'close'),
    };
    await world.accounts.close();
    for (const [name, spy] of Object.entries(spies)) expect(spy, name).toHaveBeenCalledOnce();
  });

  test('a named moment is told on', async () => {
    const reached: string[] = [];
    await world.end();
    world = await accountsWorld({ onFailpoint: (failpoint) => void reached.push(failpoint) });
    const { account } = await world.open(ANNA);
    account.failpoint('enqueue-asked');
    expect(reached).toEqual(['enqueue-asked']);
  });
});
