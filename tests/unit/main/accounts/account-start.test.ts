/** How an account begins, and begins anew: from what the last run left, from a store that was rebuilt, for a connection that comes meanwhile. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Chat } from '../../../../contract/api/chat.ts';
import type { AccountEvent } from '../../../../contract/ipc/push.ts';
import { StoreError } from '../../../../electron/main/lib/store-problem.ts';
import { AccountFiles } from '../../../../electron/main/services/files/account-files.ts';
import { Later } from '../../../../electron/main/services/later/later.ts';
import { Music } from '../../../../electron/main/services/music/music.ts';
import { Outbox } from '../../../../electron/main/services/outbox/outbox.ts';
import { Sync } from '../../../../electron/main/services/sync/sync.ts';
import { UnreadKeeper } from '../../../../electron/main/services/unread/unread.ts';
import { until } from '../../../helpers/main-parts.ts';
import { accountsWorld, ANNA } from './accounts-world.ts';
import { opened } from './store-in-thread.ts';

vi.mock('../../../../electron/main/services/store/account-store.ts', async (original) => {
  const { inThread } = await import('./store-in-thread.ts');
  return inThread(await original());
});

let world: Awaited<ReturnType<typeof accountsWorld>>;
beforeEach(async () => {
  opened.clear();
  world = await accountsWorld();
});
afterEach(async () => {
  await world.end();
  vi.restoreAllMocks();
});

const kinds = (events = world.events) => events.map(({ event }) => event.kind);
const notices = () =>
  world.events.flatMap(({ event }: { event: AccountEvent }) => (event.kind === 'notice' ? [event.notice] : []));
/** Its store was damaged, and is another one now. */
function rebuilt(rescued: number, isAnother = true): void {
  opened
    .get(ANNA)
    ?.at(-1)
    ?.onRebuilt?.({ rebuilt: isAnother, rescued, indexed: true });
}
const whats = () => world.logger.of('account.step_failed').map(({ fields }) => fields['what']);

describe('the start', () => {
  test('takes up what the last run left, each part once, and calls nothing rebuilt', async () => {
    const spies = {
      recover: vi.spyOn(Outbox.prototype, 'recover'),
      files: vi.spyOn(AccountFiles.prototype, 'open'),
      later: vi.spyOn(Later.prototype, 'open'),
      mutes: vi.spyOn(UnreadKeeper.prototype, 'start'),
      offer: vi.spyOn(UnreadKeeper.prototype, 'offer'),
    };
    const others = [vi.spyOn(Music.prototype, 'rebuilt'), vi.spyOn(Sync.prototype, 'readAnew')];
    await world.open(ANNA);
    await until('the mutes are read', () => spies.mutes.mock.calls.length > 0);
    for (const [name, spy] of Object.entries(spies)) expect(spy, name).toHaveBeenCalledOnce();
    for (const spy of others) expect(spy).not.toHaveBeenCalled();
    expect(world.last('unread')?.unread).toEqual({ messages: 0, chats: 0 });
    expect(kinds().filter((kind) => kind === 'later')).toHaveLength(1);
    expect(notices()).toEqual([]);
  });

  test('shows the first sixty chats, and that there are more', async () => {
    const { account } = await world.open(ANNA);
    const chats = Array.from({ length: 61 }, (_, n): Chat => ({
      id: `c${String(n)}`,
      participants: ['anna', `p${String(n)}`].map((id) => ({ id, username: id, firstName: id, lastName: '' })),
      createdAt: '2026-06-01T12:00:00.000Z',
    }));
    const now = world.clock.now();
    account.publish((await account.store.writer.applyChats({ chats, justMade: true, now })).changes);
    const snapshot = await account.snapshot();
    expect([snapshot.chats.length, snapshot.more]).toEqual([60, true]);
  });

  test('of one that is closed at once tells nothing of its store', async () => {
    const { context } = world.contextOf(ANNA);
    world.signIn.opened.emit(context, true);
    const account = world.accounts.get(ANNA);
    world.signIn.closed.emit(ANNA, false);
    await account?.store.opened;
    await world.accounts.close();
    expect(kinds()).not.toContain('chats:reset');
    expect(world.counts).toEqual([]);
  });

  test('with a sign-in that comes before the store is open: the outbox knows that one, and only that', async () => {
    const connect = vi.spyOn(Outbox.prototype, 'connect');
    const [first, second] = [world.contextOf(ANNA), world.contextOf(ANNA)];
    world.signIn.opened.emit(first.context, true);
    world.signIn.opened.emit(second.context, true);
    await until('the outbox is connected', () => connect.mock.calls.length > 0);
    await new Promise(setImmediate);
    expect(connect.mock.calls.map(([{ api }]) => api)).toEqual([second.context.api]);
  });

  test('has a clock, and ids for messages that only grow', async () => {
    const { account } = await world.open(ANNA);
    expect(account.clock).toBe(world.clock);
    const ids = Array.from({ length: 50 }, () => account.newMessageId());
    world.clock.advance(5);
    ids.push(account.newMessageId());
    expect(ids).toEqual([...new Set(ids)].toSorted());
  });

  test('opens its store as the application wants it', async () => {
    await world.open(ANNA);
    expect(opened.get(ANNA)).toMatchObject([{ account: ANNA, me: 'anna', useFts: true, userDataDir: world.folder }]);
    await world.end();
    world = await accountsWorld({ useFts: false });
    await world.open(ANNA);
    expect(opened.get(ANNA)?.at(-1)).toMatchObject({ useFts: false });
  });
});

describe('a store that was rebuilt', () => {
  test('is shown from the beginning, says so, and everything that keeps something of it begins anew', async () => {
    const { account } = await world.open(ANNA);
    const before = account.snapshot();
    const spies = {
      music: vi.spyOn(account.music, 'rebuilt'),
      sync: vi.spyOn(account.sync, 'readAnew'),
      mutes: vi.spyOn(account.unread, 'start'),
      files: vi.spyOn(account.files, 'open'),
      later: vi.spyOn(account.later, 'open'),
      connect: vi.spyOn(account.outbox, 'connect'),
    };
    const from = world.events.length;
    rebuilt(2);
    await until('the outbox is connected', () => spies.connect.mock.calls.length > 0);
    for (const [name, spy] of Object.entries(spies)) expect(spy, name).toHaveBeenCalledOnce();
    expect(kinds(world.events.slice(from))).toContain('chats:reset');
    expect(notices()).toEqual(['store_rebuilt', 'outbox_rescued']);
    expect(account.snapshot()).not.toBe(before);
    expect(world.counts).toHaveLength(2);
  });

  test.each([
    [true, 0, ['store_rebuilt']],
    [true, 1, ['store_rebuilt', 'outbox_rescued']],
    [false, 1, ['outbox_rescued']],
    [false, 0, []],
  ])('tells what happened (another one: %s, messages that were saved: %s)', async (isAnother, rescued, told) => {
    const { account } = await world.open(ANNA);
    const resumed = vi.spyOn(account.outbox, 'connect');
    rebuilt(rescued, isAnother);
    await until('it goes on', () => resumed.mock.calls.length > 0);
    expect(notices()).toEqual(told);
  });

  test('goes on after a start that the damage had cut short', async () => {
    vi.spyOn(Outbox.prototype, 'recover').mockRejectedValue(new StoreError('busy', 'damaged'));
    const { context } = world.contextOf(ANNA);
    world.signIn.opened.emit(context, true);
    await until('the start has failed', () => whats().length === 2);
    expect(whats().toSorted()).toEqual(['line', 'open']);
    const account = world.accounts.get(ANNA);
    if (!account) throw new Error('the account is not open');
    const [connect, later] = [vi.spyOn(account.outbox, 'connect'), vi.spyOn(account.later, 'open')];
    rebuilt(0);
    await until('the outbox is connected', () => connect.mock.calls.length > 0);
    expect(later).toHaveBeenCalledOnce();
  });

  test('that cannot be read is logged, and nothing of it is told', async () => {
    const { account } = await world.open(ANNA);
    vi.spyOn(account, 'snapshot').mockRejectedValue(new StoreError('busy', 'busy'));
    rebuilt(1);
    await until('it is logged', () => world.logger.of('account.not_shown').length === 1);
    expect(world.logger.of('account.not_shown')[0]).toMatchObject({ fields: { reason: 'StoreError' } });
    expect(notices()).toEqual([]);
  });
});
