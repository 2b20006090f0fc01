/** Signing in and out, and what is told and kept of it, on an injected clock. */
import { beforeEach, describe, expect, it } from 'vitest';
import { secretStore } from '../../../helpers/main-parts.ts';
import { ADA, BEN, SERVER, signInOver, settle, type SignInWorld } from './sign-in-world.ts';

let world: SignInWorld;
beforeEach(async () => {
  world = signInOver();
  await world.session.start();
});

const login = (username = 'ada', server = SERVER) => world.session.login({ server, username, password: 'secret' });
const accounts = (of = world) =>
  (of.stored['accounts'] as {
    account: { id: string };
    token: string | null;
    weak: boolean;
    capabilities: string[];
  }[]) ?? [];
/** The next start of the program. */
async function restart(more: Parameters<typeof signInOver>[2] = {}): Promise<SignInWorld> {
  world.session.close();
  world = signInOver(world.stored, world.secrets, more);
  await world.session.start();
  await settle();
  return world;
}

describe('a sign-in', () => {
  it('asks the server by its address, opens the account, and connects it once everybody has heard', async () => {
    expect(world.session.view()).toMatchObject({ status: 'signed_out', account: null, capabilities: [], last: null });
    expect(await login()).toMatchObject({ ok: true, value: { accountId: `${SERVER}/u-ada` } });
    expect(world.asked).toEqual([{ route: 'login', input: { body: { username: 'ada', password: 'secret' } } }]);
    expect(world.heard).toEqual(['opened ada']);
    expect(world.made.map(({ server, token, started }) => [server, token, started])).toEqual([
      [SERVER, null, 0],
      [SERVER, 'token of ada', 1],
    ]);
    expect(world.session.view()).toMatchObject({
      status: 'signed_in',
      secretStorage: 'strong',
      tellWeakStorage: false,
      account: { id: `${SERVER}/u-ada`, server: SERVER, user: { name: 'Ada L', online: null } },
      last: null,
      capabilities: ['sync'],
    });
    expect(world.views.at(-1)).toEqual(world.session.view());
    expect(world.contexts[0]?.has('sync')).toBe(true);
    expect(world.contexts[0]?.has('cursors')).toBe(false);
    expect(JSON.stringify(world.stored)).not.toContain('token of ada');
  });

  it('that the server refuses leaves everything as it was', async () => {
    world.server.error = { code: 'wrong_credentials', message: '' };
    expect(await login()).toEqual({ ok: false, error: { code: 'wrong_credentials', message: '' } });
    world.server.isThere = false;
    expect(await login()).toMatchObject({ ok: false, error: { code: 'not_a_relay' } });
    expect([world.heard, accounts()]).toEqual([[], []]);
  });

  it('with a new account sends what was filled in, and no empty word of oneself', async () => {
    const body = { username: 'ada', password: 'secret', firstName: 'Ada', lastName: 'L', age: 30 };
    const form = { server: SERVER, ...body };
    expect(await world.session.register({ ...form, bio: '', age: 7 })).toMatchObject({
      error: { code: 'validation', fields: { age: 'too_small' } },
    });
    expect(world.asked).toEqual([]);
    await world.session.register({ ...form, bio: '' });
    await world.session.register({ ...form, bio: 'hi' });
    expect(world.asked.map(({ route, input }) => [route, input])).toEqual([
      ['register', { body }],
      ['register', { body: { ...body, bio: 'hi' } }],
    ]);
  });

  it('of another person opens another account; of the same one changes the connection alone', async () => {
    await login();
    await login();
    expect(world.heard).toEqual(['opened ada', 'opened ada']);
    expect(world.made[1]).toMatchObject({ started: 1, stopped: 1 });
    world.server.user = BEN;
    await login('ben');
    expect(world.heard).toEqual(['opened ada', 'opened ada', 'opened ben']);
    expect(accounts().map(({ account: { id } }) => id)).toEqual([`${SERVER}/u-ada`, `${SERVER}/u-ben`]);
    expect(world.made[1]?.stopped).toBe(1);
    expect(world.stored['current']).toBe(`${SERVER}/u-ben`);
  });

  it('works all the same when the disk does not take it', async () => {
    world.disk.takes = false;
    expect(await login()).toMatchObject({ ok: true, value: { accountId: `${SERVER}/u-ada` } });
    expect(world.session.view().status).toBe('signed_in');
    expect(world.logger.of('sign_in.not_saved')[0]).toMatchObject({
      level: 'error',
      fields: { code: 'storage_failed' },
    });
  });

  it('and another one asked for meanwhile are made one after the other', async () => {
    const accountId = `${SERVER}/u-ada`;
    await Promise.all([login(), world.signIn.logout({ accountId, forget: false }), login()]);
    expect(world.heard).toEqual(['opened ada', 'closed u-ada', 'opened ada']);
  });
});

describe('what the server tells later', () => {
  beforeEach(() => login());

  it('of oneself is kept and shown, once for each connection, and only when it is new', async () => {
    world.server.me = { ...ADA, firstName: 'Augusta' };
    const before = world.views.length;
    world.made[1]?.hello();
    await settle();
    expect(world.session.view().account?.user.name).toBe('Augusta L');
    expect(JSON.stringify(world.stored)).toContain('Augusta');
    expect(world.views).toHaveLength(before + 1);
    world.made[1]?.hello();
    await settle();
    expect(world.asked.filter(({ route }) => route === 'me')).toHaveLength(1);
    world.contexts[0]?.meChanged({ ...ADA, firstName: 'Augusta' });
    world.contexts[0]?.meChanged({ ...BEN });
    expect(world.views).toHaveLength(before + 1);
    world.contexts[0]?.meChanged({ ...ADA, firstName: 'Ada', online: true });
    expect(world.views).toHaveLength(before + 2);
    expect(world.session.view().account?.user).toMatchObject({ name: 'Ada L', online: null });
  });

  it('of oneself that cannot be read changes nothing', async () => {
    world.server.me = null;
    const before = world.views.length;
    world.made[1]?.hello();
    await settle();
    expect(world.views).toHaveLength(before);
  });

  it('of what it can do is kept and shown when it is something else', async () => {
    const before = world.views.length;
    world.made[1]?.hello({ capabilities: ['sync'] });
    world.made[1]?.hello({});
    world.made[1]?.hello({ capabilities: null });
    expect(world.views).toHaveLength(before);
    world.made[1]?.hello({ capabilities: ['cursors'] });
    expect(world.views).toHaveLength(before + 1);
    expect(world.session.view().capabilities).toEqual(['cursors']);
    expect(accounts()[0]?.capabilities).toEqual(['cursors']);
    expect(world.contexts[0]?.has('cursors')).toBe(true);
  });

  it('to a connection that was replaced does not count any more', async () => {
    await login();
    const before = world.views.length;
    world.made[1]?.hello({ capabilities: ['cursors'] });
    world.contexts[0]?.meChanged({ ...ADA, firstName: 'Augusta' });
    world.made[1]?.refuseToken();
    await settle();
    expect(world.views).toHaveLength(before);
    expect(world.session.view().status).toBe('signed_in');
  });
});

describe('a token that the server refuses', () => {
  it('leaves the account open to read, and is told once, whoever finds out', async () => {
    await login();
    world.contexts[0]?.tokenRefused();
    world.made[1]?.refuseToken();
    expect(world.heard).toEqual(['opened ada', 'expired u-ada']);
    expect(world.made[1]?.stopped).toBe(1);
    expect(world.views.at(-1)).toMatchObject({ status: 'expired', account: { user: { username: 'ada' } } });
    await login();
    expect(world.session.view().status).toBe('signed_in');
    expect(world.heard.at(-1)).toBe('opened ada');
  });
});

describe('a sign-out', () => {
  it('without an account is none', async () => {
    expect(await world.session.logout({ forget: false })).toMatchObject({ error: { code: 'not_signed_in' } });
  });

  it.each([false, true])('forgets the token, and the account where that is wanted (%s)', async (forget) => {
    await login();
    expect(await world.session.logout({ forget })).toEqual({ ok: true, value: null });
    expect(world.heard).toEqual(['opened ada', `closed u-ada${forget ? ' for good' : ''}`]);
    expect(world.made[1]?.stopped).toBe(1);
    expect(world.stored['current']).toBeNull();
    expect(accounts().map(({ token }) => token)).toEqual(forget ? [] : [null]);
    expect(world.views.at(-1)).toMatchObject({
      status: 'signed_out',
      account: null,
      last: forget ? null : { server: SERVER, username: 'ada' },
    });
    await restart();
    expect(world.heard).toEqual([]);
    expect(world.session.view()).toMatchObject({ status: 'signed_out' });
  });

  it('that the disk does not take says so, and is one all the same', async () => {
    await login();
    world.disk.takes = false;
    expect(await world.session.logout({ forget: false })).toMatchObject({ error: { code: 'storage_failed' } });
    expect(world.session.view().status).toBe('signed_out');
  });
});

describe('the next start', () => {
  beforeEach(() => login());

  it('opens the account that was open, with its token, and connects it', async () => {
    await restart();
    expect(world.heard).toEqual(['opened ada']);
    expect(world.made.map(({ token, started }) => [token, started])).toEqual([['token of ada', 1]]);
    expect(world.session.view()).toMatchObject({ status: 'signed_in', secretStorage: 'strong' });
  });

  it('lets what the person sees first go before the network', async () => {
    const first = Promise.withResolvers<void>();
    await restart({ firstScreen: first.promise });
    expect([world.heard, world.made[0]?.started]).toEqual([['opened ada'], 0]);
    first.resolve();
    await settle();
    expect(world.made[0]?.started).toBe(1);
  });

  it('opens it to read when the token cannot be read back any more', async () => {
    world.secrets.unreadable = 'lost';
    await restart();
    expect(world.heard).toEqual(['opened ada to read']);
    expect(world.made.map(({ token, started }) => [token, started])).toEqual([[null, 0]]);
    expect(world.session.view().status).toBe('expired');
  });

  it('opens it on a line that waits while the key store cannot tell, and connects when it can', async () => {
    world.secrets.unreadable = 'later';
    await restart();
    expect(world.heard).toEqual(['opened ada']);
    expect([world.session.view().status, world.made.length]).toEqual(['signed_in', 0]);
    world.secrets.unreadable = null;
    world.clock.advance(2_000);
    await settle();
    expect(world.made.map(({ token, started }) => [token, started])).toEqual([['token of ada', 1]]);
    expect(world.heard).toEqual(['opened ada', 'opened ada']);
  });

  it('keeps the token anew when the system’s key has changed', async () => {
    world.secrets.renew = true;
    const before = world.secrets.asked.encrypt;
    await restart();
    expect(world.secrets.asked.encrypt).toBe(before + 1);
    world.secrets.renew = false;
    await restart();
    expect(world.secrets.asked.encrypt).toBe(before + 1);
  });

  it('keeps the token that is kept when a locked key store cannot keep it anew', async () => {
    const token = accounts()[0]?.token;
    world.secrets.renew = true;
    world.secrets.encrypt = async () => ({ ok: false, error: { code: 'secret_store_failed', message: '' } });
    await restart();
    expect(accounts()[0]?.token).toBe(token);
    expect(world.session.view().secretStorage).toBe('strong');
  });

  it('offers the last account of the server that the program was started for', async () => {
    await world.session.logout({ forget: false });
    world.server.user = BEN;
    await login('ben', 'https://other.example');
    await world.session.logout({ forget: false });
    await restart();
    expect(world.session.view().last).toEqual({ server: 'https://other.example', username: 'ben' });
    await restart({ askedServer: SERVER });
    expect(world.session.view().last).toEqual({ server: SERVER, username: 'ada' });
    await restart({ askedServer: 'https://third.example' });
    expect(world.session.view().last).toBeNull();
    // Once somebody has signed in, that is the last account.
    await login('ben', 'https://other.example');
    await world.session.logout({ forget: false });
    expect(world.session.view().last).not.toBeNull();
  });
});

describe('a weak key store', () => {
  const weak = (strength: 'weak' | 'unavailable' = 'weak'): void => {
    world = signInOver({}, secretStore(strength));
  };
  const word = (keep: boolean) => world.session.keepWeakly({ keep });

  it('is asked about once somebody is signed in, and keeps nothing before', async () => {
    weak();
    await world.session.start();
    expect(world.session.view()).toMatchObject({ secretStorage: 'weak_memory', tellWeakStorage: false });
    expect(await word(true)).toMatchObject({ error: { code: 'not_signed_in' } });
    await login();
    expect(world.session.view()).toMatchObject({ secretStorage: 'weak_memory', tellWeakStorage: true });
    expect(accounts()[0]).toMatchObject({ token: null, weak: false });
  });

  it('keeps the token on the person’s word, and gives it up on another', async () => {
    weak();
    await world.session.start();
    await login();
    expect(await word(true)).toEqual({ ok: true, value: null });
    expect(world.views.at(-1)).toMatchObject({ secretStorage: 'weak_kept', tellWeakStorage: false });
    expect(accounts()[0]).toMatchObject({ weak: true });
    expect(accounts()[0]?.token).not.toBeNull();
    await restart();
    expect(world.session.view()).toMatchObject({ status: 'signed_in', secretStorage: 'weak_kept' });
    expect(await word(false)).toEqual({ ok: true, value: null });
    expect(accounts()[0]).toMatchObject({ token: null, weak: false });
    expect(world.stored['keepWeakly']).toBe(false);
    expect(world.session.view()).toMatchObject({ secretStorage: 'weak_memory', tellWeakStorage: false });
    await restart();
    expect(world.heard).toEqual(['opened ada to read']);
  });

  it('is said to keep nothing where there is none', async () => {
    weak('unavailable');
    await world.session.start();
    await login();
    expect(await word(true)).toMatchObject({ error: { code: 'secret_store_failed' } });
    expect(await word(false)).toEqual({ ok: true, value: null });
    expect(world.session.view()).toMatchObject({ status: 'signed_in', secretStorage: 'unavailable' });
  });

  it('is not told to a strong one, which keeps what it has', async () => {
    await login();
    const before = world.secrets.asked.encrypt;
    expect(await word(false)).toEqual({ ok: true, value: null });
    expect(world.secrets.asked.encrypt).toBe(before);
    expect(accounts()[0]?.token).not.toBeNull();
    world.disk.takes = false;
    expect(await word(true)).toMatchObject({ error: { code: 'storage_failed' } });
  });
});

describe('a key store that is slow', () => {
  it('holds a sign-in up for a second, and keeps the token when it comes', async () => {
    const slow = Promise.withResolvers<void>();
    world.secrets.asking = slow.promise;
    let isDone = false;
    const done = login().then(() => (isDone = true));
    await settle();
    expect(isDone).toBe(false);
    world.clock.advance(1_000);
    await done;
    expect(accounts()[0]?.token).toBeNull();
    slow.resolve();
    await settle();
    expect(accounts()[0]?.token).not.toBeNull();
    expect(world.views.at(-1)).toMatchObject({ secretStorage: 'strong' });
  });
});
