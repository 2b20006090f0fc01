/** Several accounts at the same time: their order, which of them is looked at, how many there may be, and leaving them. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { User } from '../../../../contract/api/user.ts';
import { MOST_OPEN } from '../../../../electron/main/services/accounts/sign-in.ts';
import { SERVER, settle, signInOver, type SignInWorld } from './sign-in-world.ts';

const OTHER = 'https://other.example';

let world: SignInWorld;
beforeEach(async () => {
  world = signInOver();
  await world.signIn.start();
});

const user = (name: string): User => ({ id: `u-${name}`, username: name, firstName: name, lastName: '' });
const idOf = (name: string, server = SERVER) => `${server}/u-${name}`;
function enter(name: string, server = SERVER) {
  world.server.user = user(name);
  return world.signIn.login({ server, username: name, password: 'secret' });
}
async function enterAll(...names: string[]): Promise<void> {
  for (const name of names) await enter(name);
}
const leave = (name: string) => world.signIn.logout({ accountId: idOf(name), forget: false });
const names = (view = world.signIn.view()) => view.open.map(({ user: { username } }) => username);
const current = (view = world.signIn.view()) => view.current?.split('/u-').at(-1) ?? null;
const storedNames = () =>
  (world.stored['accounts'] as { account: { user: { username: string } } }[]).map(
    ({ account }) => account.user.username,
  );
async function restart(): Promise<void> {
  world.signIn.close();
  world = signInOver(world.stored, world.secrets);
  await world.signIn.start();
  await settle();
}

describe('the order', () => {
  it('is that of the sign-ins; one that signs in again keeps its place', async () => {
    await enterAll('ann', 'ben', 'cid');
    expect(names()).toEqual(['ann', 'ben', 'cid']);
    await enter('ben');
    expect([names(), current()]).toEqual([['ann', 'ben', 'cid'], 'ben']);
    await enter('ann');
    expect([names(), current()]).toEqual([['ann', 'ben', 'cid'], 'ann']);
  });

  it('has one that was closed behind the open ones, and behind all of them when it comes back', async () => {
    await enterAll('ann', 'ben', 'cid');
    await leave('ann');
    expect(storedNames()).toEqual(['ben', 'cid', 'ann']);
    await leave('ben');
    // The one that was seen last is suggested first.
    expect(storedNames()).toEqual(['cid', 'ben', 'ann']);
    await enter('ann');
    expect(storedNames()).toEqual(['cid', 'ann', 'ben']);
    expect(names()).toEqual(['cid', 'ann']);
  });

  it('can be changed, is told, and is kept', async () => {
    await enterAll('ann', 'ben', 'cid');
    const before = world.views.length;
    expect(await world.signIn.arrange({ ids: [idOf('cid'), idOf('ann')] })).toEqual({ ok: true, value: null });
    expect(names(world.views.at(-1))).toEqual(['cid', 'ann', 'ben']);
    expect(world.views).toHaveLength(before + 1);
    await restart();
    expect(names()).toEqual(['cid', 'ann', 'ben']);
    world.disk.takes = false;
    expect(await world.signIn.arrange({ ids: [] })).toMatchObject({ error: { code: 'storage_failed' } });
  });
});

describe('the one that is looked at', () => {
  it('is the one that came last, and then the one that is shown; each change is told and kept', async () => {
    await enterAll('ann', 'ben');
    expect(current()).toBe('ben');
    const before = world.views.length;
    expect(await world.signIn.show({ accountId: idOf('ann') })).toEqual({ ok: true, value: null });
    expect(current(world.views.at(-1))).toBe('ann');
    expect(world.views).toHaveLength(before + 1);
    await world.signIn.show({ accountId: idOf('ann') });
    expect(world.views).toHaveLength(before + 1);
    expect(world.stored['current']).toBe(idOf('ann'));
    expect(await world.signIn.show({ accountId: idOf('cid') })).toMatchObject({ error: { code: 'not_signed_in' } });
    expect(current()).toBe('ann');
  });

  it('is opened first by the next start', async () => {
    await enterAll('ann', 'ben', 'cid');
    await restart();
    expect(world.heard).toEqual(['opened cid', 'opened ann', 'opened ben']);
    expect(world.made.map(({ started }) => started)).toEqual([1, 1, 1]);
    expect(names()).toEqual(['ann', 'ben', 'cid']);
  });

  it('stays when another one is closed; when it is closed itself, the first of the others follows', async () => {
    await enterAll('ann', 'ben', 'cid');
    await leave('ann');
    expect(current()).toBe('cid');
    await leave('cid');
    expect(current()).toBe('ben');
  });
});

describe('leaving', () => {
  it('closes one alone, and tells it before the key store has answered', async () => {
    await enterAll('ann', 'ben');
    world.secrets.asking = new Promise(() => undefined);
    const left = leave('ann');
    await settle();
    expect(names(world.views.at(-1))).toEqual(['ben']);
    expect(world.made.filter(({ token }) => token === 'token of ben').map(({ stopped }) => stopped)).toEqual([0]);
    world.clock.advance(1_000);
    expect(await left).toEqual({ ok: true, value: null });
  });

  it.each([false, true])(
    'all of them closes each, with what is kept of it where that is wanted (%s)',
    async (forget) => {
      await enterAll('ann', 'ben');
      expect(await world.signIn.logoutAll({ forget })).toEqual({ ok: true, value: null });
      const how = forget ? ' for good' : '';
      expect(world.heard.slice(2)).toEqual([`closed u-ann${how}`, `closed u-ben${how}`]);
      expect([names(), storedNames()]).toEqual([[], forget ? [] : ['ben', 'ann']]);
      expect(world.made.filter(({ token }) => token !== null).map(({ stopped }) => stopped)).toEqual([1, 1]);
      await restart();
      expect(names()).toEqual([]);
    },
  );

  it('all of them says so when the disk does not take it, and they are closed all the same', async () => {
    await enterAll('ann', 'ben');
    world.disk.takes = false;
    expect(await world.signIn.logoutAll({ forget: false })).toMatchObject({ error: { code: 'storage_failed' } });
    expect(names()).toEqual([]);
  });

  it('an account that is not open any more is no sign-out', async () => {
    await enterAll('ann', 'ben');
    await leave('ann');
    expect(await leave('ann')).toMatchObject({ error: { code: 'not_signed_in' } });
    expect(names()).toEqual(['ben']);
  });

  it('lets what the old connection hears and asks end with it', async () => {
    await enter('ann');
    world.secrets.mood = 'unavailable';
    await enter('ann');
    const [, , , made] = world.made;
    const asked = () => [world.secrets.asked.encrypt, world.asked.filter(({ route }) => route === 'me').length];
    await leave('ann');
    const before = asked();
    made?.hello({ capabilities: ['cursors'] });
    world.secrets.mood = 'strong';
    world.clock.advance(200_000);
    await settle();
    expect(asked()).toEqual(before);
  });

  it('the program stops every connection, and forgets none of the accounts', async () => {
    await enterAll('ann', 'ben');
    world.signIn.close();
    expect(world.made.filter(({ token }) => token !== null).map(({ stopped }) => stopped)).toEqual([1, 1]);
    expect(world.heard).toEqual(['opened ann', 'opened ben']);
    expect(storedNames()).toEqual(['ann', 'ben']);
  });
});

describe('the page', () => {
  it('knows an account before anybody else works for it', async () => {
    const known: string[][] = [];
    world.signIn.onOpened(() => known.push(names(world.views.at(-1))));
    await enterAll('ann', 'ben');
    expect(known).toEqual([['ann'], ['ann', 'ben']]);
  });

  it('is told at a start without accounts too, however slow the key store is', async () => {
    world = signInOver();
    const slow = Promise.withResolvers<void>();
    world.secrets.asking = slow.promise;
    const started = world.signIn.start();
    await settle();
    world.clock.advance(1_000);
    await started;
    expect(world.views.map(({ secretStorage }) => secretStorage)).toEqual(['unavailable']);
    slow.resolve();
    await settle();
    expect(world.views.map(({ secretStorage }) => secretStorage)).toEqual(['unavailable', 'strong']);
  });

  it('may ask what a server is', async () => {
    expect(await world.signIn.probe({ server: OTHER })).toMatchObject({ ok: true, value: { url: OTHER } });
    world.server.isThere = false;
    expect(await world.signIn.probe({ server: OTHER })).toMatchObject({ error: { code: 'not_a_relay' } });
  });
});

describe('sixteen accounts', () => {
  beforeEach(async () => {
    expect(MOST_OPEN).toBe(16);
    for (let n = 1; n <= 15; n += 1) await enter(`n${String(n)}`);
    expect(await enter('n16', OTHER)).toMatchObject({ ok: true });
    world.asked.length = 0;
  });

  it('are the most: another server is not even asked, and nobody is registered', async () => {
    const refused = { ok: false, error: { code: 'too_many_accounts' } };
    expect(await enter('n17', 'https://third.example')).toMatchObject(refused);
    const form = { username: 'n17', password: 'secret', firstName: 'N', lastName: 'L', age: 30, bio: '' };
    expect(await world.signIn.register({ server: SERVER, ...form })).toMatchObject(refused);
    expect(world.asked).toEqual([]);
    expect(names()).toHaveLength(16);
  });

  it('can each sign in again; somebody else of the same server cannot', async () => {
    expect(await enter('n16', OTHER)).toMatchObject({ ok: true });
    expect(await enter('n17', OTHER)).toMatchObject({ error: { code: 'too_many_accounts' } });
    expect(world.asked).toHaveLength(2);
    expect(names()).toHaveLength(16);
    await leave('n1');
    expect(await enter('n17')).toMatchObject({ ok: true });
  });
});
