/** Several accounts in one program: who is open, what each hears, and that nothing of one reaches another. */
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fail, ok } from '../../../../contract/model/errors.ts';
import { accountFolder } from '../../../../electron/main/services/store/account-store.ts';
import { DEFAULT_SETTINGS } from '../../../../electron/main/services/settings/settings-service.ts';
import { StoreError } from '../../../../electron/main/lib/store-problem.ts';
import { until } from '../../../helpers/main-parts.ts';
import { accountsWorld, ANNA, BORIS } from './accounts-world.ts';

vi.mock('../../../../electron/main/services/store/account-store.ts', async (original) => {
  const { inThread } = await import('./store-in-thread.ts');
  return inThread(await original());
});

type World = Awaited<ReturnType<typeof accountsWorld>>;
let world: World;
beforeEach(async () => void (world = await accountsWorld()));
afterEach(() => world.end());

describe('which are open', () => {
  test('none at first; each by its id, and by its tag in addresses of media', async () => {
    const { accounts } = world;
    expect([accounts.get(ANNA), accounts.tagged('x'), await accounts.snapshots()]).toEqual([null, null, []]);
    const [anna, boris] = [(await world.open(ANNA)).account, (await world.open(BORIS)).account];
    expect([accounts.get(ANNA), accounts.get(BORIS)]).toEqual([anna, boris]);
    expect(anna.tag).not.toBe(boris.tag);
    expect([accounts.tagged(anna.tag), accounts.tagged(boris.tag), accounts.tagged('x')]).toEqual([anna, boris, null]);
    expect([anna.id, anna.me, boris.id, boris.me]).toEqual([ANNA, 'anna', BORIS, 'boris']);
  });

  test('a new sign-in of the same person takes the open account and only replaces its connection', async () => {
    const { account } = await world.open(ANNA);
    const again = await world.open(ANNA);
    expect(again.account).toBe(account);
    expect(world.counts.filter(([id]) => id === ANNA)).toHaveLength(1);
  });

  test('a closed one keeps its files, a forgotten one does not; another one stays', async () => {
    await world.open(ANNA);
    const { account: boris } = await world.open(BORIS);
    world.signIn.closed.emit(ANNA, false);
    expect(world.accounts.get(ANNA)).toBeNull();
    const { account: again } = await world.open(ANNA);
    expect(existsSync(accountFolder(world.folder, ANNA))).toBe(true);
    world.signIn.closed.emit(ANNA, true);
    await until('its files are gone', () => !existsSync(accountFolder(world.folder, ANNA)));
    expect(world.accounts.get(BORIS)).toBe(boris);
    expect(existsSync(accountFolder(world.folder, BORIS))).toBe(true);
    expect(again.id).toBe(ANNA);
    // Also one that is not open any more.
    world.signIn.closed.emit(BORIS, false);
    world.signIn.closed.emit(BORIS, true);
    await until('its files are gone', () => !existsSync(accountFolder(world.folder, BORIS)));
  });

  test('opened again while it is closing: its files are opened after that', async () => {
    const { account } = await world.open(ANNA);
    const order: string[] = [];
    const close = account.close.bind(account);
    vi.spyOn(account, 'close').mockImplementation(async () => {
      await close();
      order.push('closed');
    });
    world.signIn.closed.emit(ANNA, false);
    await world.open(ANNA);
    order.push('open');
    expect(order).toEqual(['closed', 'open']);
  });

  test('one that cannot be closed is logged, and holds nobody up', async () => {
    const { account } = await world.open(ANNA);
    const close = account.close.bind(account);
    vi.spyOn(account, 'close').mockImplementation(async () => {
      await close();
      throw new TypeError('stuck');
    });
    world.signIn.closed.emit(ANNA, false);
    await until('it is logged', () => world.logger.of('accounts.not_closed').length === 1);
    expect(world.logger.of('accounts.not_closed')[0]).toMatchObject({ fields: { reason: 'TypeError' } });
    await world.open(ANNA);
  });
});

describe('commands', () => {
  test('run on the open account, and put off what is read in the background', async () => {
    const { account } = await world.open(ANNA);
    const touched = vi.spyOn(account.backfill, 'touched');
    expect(await world.accounts.command(ANNA, async (one) => ok(one.me))).toEqual(ok('anna'));
    expect(touched).toHaveBeenCalledOnce();
  });

  test.each([
    ['busy', 'storage_failed'],
    ['full', 'disk_full'],
  ] as const)('a store that is %s is told as %s', async (problem, code) => {
    await world.open(ANNA);
    const work = () => Promise.reject(new StoreError(problem, 'disk'));
    expect(await world.accounts.command(ANNA, work)).toEqual(fail(code, `the store: ${problem}`));
  });

  test('of an account that is not open are refused; a fault of ours is not hidden', async () => {
    await world.open(ANNA);
    const work = vi.fn(() => Promise.resolve(ok(1)));
    expect(await world.accounts.command(BORIS, work)).toMatchObject({ ok: false, error: { code: 'not_signed_in' } });
    expect(work).not.toHaveBeenCalled();
    await expect(world.accounts.command(ANNA, () => Promise.reject(new TypeError('ours')))).rejects.toThrow('ours');
  });
});

describe('what all of them hear', () => {
  const spies = async () => {
    const all = [await world.open(ANNA), await world.open(BORIS)];
    return all.map(({ account }) => ({
      retry: vi.spyOn(account, 'retryNow'),
      wake: vi.spyOn(account.backfill, 'wake'),
      gone: vi.spyOn(account.calls, 'pageGone'),
      back: vi.spyOn(account.calls, 'pageBack'),
      expired: vi.spyOn(account, 'expired'),
    }));
  };

  test('the network is back, the computer woke up, the clock jumped, a person asks: they try again', async () => {
    const all = await spies();
    const times = () => all.map(({ retry }) => retry.mock.calls.length);
    world.power.online.emit();
    expect(times()).toEqual([1, 1]);
    world.power.resumed.emit();
    expect(times()).toEqual([2, 2]);
    world.accounts.retryNow();
    expect(times()).toEqual([3, 3]);
    world.clock.set(world.clock.now() + 3_600_000);
    world.clock.advance(30_000);
    expect(times()).toEqual([4, 4]);
  });

  test('changed settings wake the background reading; the page goes and comes', async () => {
    const all = await spies();
    world.changed.emit(DEFAULT_SETTINGS);
    world.accounts.page(false);
    world.accounts.page(true);
    for (const { wake, gone, back } of all) {
      expect([wake.mock.calls.length, gone.mock.calls.length, back.mock.calls.length]).toEqual([1, 1, 1]);
    }
  });

  test('a refused token concerns its account alone', async () => {
    const [anna, boris] = await spies();
    world.signIn.expired.emit(ANNA);
    world.signIn.expired.emit('nobody');
    expect([anna?.expired.mock.calls.length, boris?.expired.mock.calls.length]).toEqual([1, 0]);
  });

  test('after the end nothing is heard any more', async () => {
    const all = await spies();
    await world.accounts.close();
    world.power.online.emit();
    world.power.resumed.emit();
    world.clock.set(world.clock.now() + 3_600_000);
    world.clock.advance(60_000);
    const { context } = world.contextOf(ANNA);
    world.signIn.opened.emit(context, true);
    expect(all.map(({ retry }) => retry.mock.calls.length)).toEqual([0, 0]);
    expect(world.accounts.get(ANNA)).toBeNull();
  });
});

describe('snapshots', () => {
  test('one for each, with its connection', async () => {
    await world.open(ANNA);
    const { socket } = await world.open(BORIS, false);
    socket.become('closed');
    expect(await world.accounts.snapshots()).toMatchObject([
      {
        accountId: ANNA,
        connection: { phase: 'connecting' },
        chats: [],
        moreChats: false,
        lastChatId: null,
        call: null,
      },
      { accountId: BORIS, connection: { phase: 'waiting_auth' }, unread: { messages: 0, chats: 0 } },
    ]);
  });

  test('of a store that cannot be read: an empty list, and it is logged', async () => {
    const { account } = await world.open(ANNA);
    vi.spyOn(account, 'snapshot').mockRejectedValue(new StoreError('full', 'disk'));
    expect(await world.accounts.snapshots()).toEqual([
      {
        accountId: ANNA,
        connection: account.connectionView,
        chats: [],
        moreChats: false,
        unread: { messages: 0, chats: 0 },
        lastChatId: null,
        call: null,
      },
    ]);
    expect(world.logger.of('accounts.no_snapshot')).toHaveLength(1);
  });
});
