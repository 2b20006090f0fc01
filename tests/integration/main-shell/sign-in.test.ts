/** The sign-in against a real relay node: in and out, several at once, starting without a network, tokens that end, weak key stores. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MOST_OPEN } from '../../../electron/main/services/accounts/sign-in.ts';
import { makeSignIn, type TestSignIn } from '../../helpers/main-session.ts';
import { fileDocument, ownFolder, secretStore, until } from '../../helpers/main-parts.ts';
import { httpServer, sendJson } from '../../helpers/main-servers.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';

let relay: TestRelay;
let own: Awaited<ReturnType<typeof ownFolder>>;
const open: TestSignIn[] = [];

beforeAll(async () => {
  relay = await startTestRelay();
});
afterAll(() => relay.close());
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(async () => {
  for (const session of open.splice(0)) session.close();
  await own.remove();
});

function session(secrets = secretStore('strong')): TestSignIn {
  const made = makeSignIn(own.folder, secrets, relay.url);
  open.push(made);
  return made;
}

const form = (username: string) => ({
  server: relay.url,
  username,
  password: 'a fine password',
  firstName: 'Ada',
  lastName: 'Example',
  age: 30,
  bio: '',
});

/** Every byte that the test's folder holds. */
async function everything(): Promise<string> {
  const files = await readdir(own.folder, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
  );
  return texts.join('\n');
}

/** The token's parts that differ from person to person: none of them may stand anywhere. */
function traces(token: string): string[] {
  const [, payload = '', signature = ''] = token.split('.');
  return [token, payload, signature, Buffer.from(token).toString('base64')];
}

describe('the first screen', () => {
  it('goes before the network at the start, and not after a sign-in', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = session();
    await first.session.start();
    expect((await first.session.register(form('gate_user'))).ok).toBe(true);
    await until('connected', () => first.contexts[0]?.socket.state === 'open');
    first.close();
    const made = makeSignIn(own.folder, secretStore('strong'), relay.url, promise);
    open.push(made);
    await made.session.start();
    expect(made.session.view().status).toBe('signed_in');
    expect(made.contexts[0]?.socket.state).toBe('closed');
    resolve();
    await until('connected', () => made.contexts[0]?.socket.state === 'open');
  });
});

describe('a connection that waits for the first screen', () => {
  async function waiting(username: string) {
    const secrets = secretStore('strong');
    const first = session(secrets);
    await first.session.start();
    await first.session.register(form(username));
    first.close();
    const gate = Promise.withResolvers<void>();
    const made = makeSignIn(own.folder, secrets, relay.url, gate.promise);
    open.push(made);
    await made.signIn.start();
    return { made, screen: gate };
  }

  it('is not made any more once the account was closed', async () => {
    const { made, screen } = await waiting('gone.early');
    const socket = made.contexts[0]?.socket;
    await made.session.logout({ forget: false });
    screen.resolve();
    await screen.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket?.state).toBe('closed');
    expect(socket?.nextTryAt).toBeNull();
  });

  it('is not made any more once a newer sign-in has one', async () => {
    const { made, screen } = await waiting('again.early');
    const stale = made.contexts[0]?.socket;
    await made.session.login({ server: relay.url, username: 'again.early', password: 'a fine password' });
    await until('connected', () => made.contexts[1]?.socket.state === 'open');
    screen.resolve();
    await screen.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect(stale?.state).toBe('closed');
    expect(made.contexts[1]?.socket.state).toBe('open');
  });
});

describe('signing in', () => {
  it('registers, opens the account and connects', async () => {
    const { session: made, told, contexts } = session();
    await made.start();
    expect(made.view()).toMatchObject({ status: 'signed_out', account: null, defaultServer: relay.url });
    expect(await made.register(form('ada.1'))).toMatchObject({ ok: true });
    expect(made.view()).toMatchObject({
      status: 'signed_in',
      secretStorage: 'strong',
      tellWeakStorage: false,
      account: { server: relay.url, user: { username: 'ada.1', name: 'Ada Example' } },
    });
    expect(made.view().account?.capabilities).toContain('idempotency');
    expect(contexts[0]?.has('idempotency')).toBe(true);
    expect(contexts[0]?.has('turn')).toBe(false);
    expect(told).toEqual(['opened ada.1 online']);
    await until('connected', () => contexts[0]?.socket.state === 'open');
  });

  it('says what is wrong with each field before anything is sent', async () => {
    const { session: made, logger } = session();
    await made.start();
    const answer = await made.register({ ...form('a'), age: 7, firstName: '', password: '123', bio: 'x'.repeat(501) });
    expect(answer).toMatchObject({
      ok: false,
      error: {
        code: 'validation',
        fields: {
          username: 'too_short',
          age: 'too_small',
          firstName: 'required',
          password: 'too_short',
          bio: 'too_long',
        },
      },
    });
    expect(logger.entries).toEqual([]);
  });

  it('names a taken name and a wrong password', async () => {
    const { session: made } = session();
    await made.start();
    await relay.register('taken.name');
    expect(await made.register(form('taken.name'))).toMatchObject({ ok: false, error: { code: 'username_taken' } });
    expect(await made.login({ server: relay.url, username: 'taken.name', password: 'wrong' })).toMatchObject({
      ok: false,
      error: { code: 'wrong_credentials' },
    });
    expect(made.view().status).toBe('signed_out');
  });

  it('names an address where no Relay server stands, and sends no password there', async () => {
    const bodies: string[] = [];
    const other = await httpServer((_request, response, body) => {
      bodies.push(body);
      sendJson(response, 200, { hello: 'world' });
    });
    const { session: made } = session();
    await made.start();
    const login = { username: 'ada', password: 'a fine password' };
    expect(await made.login({ server: other.url, ...login })).toMatchObject({ error: { code: 'not_a_relay' } });
    expect(await made.login({ server: 'ftp://x', ...login })).toMatchObject({ error: { code: 'bad_address' } });
    await other.close();
    expect(await made.login({ server: other.url, ...login })).toMatchObject({ error: { code: 'server_unreachable' } });
    expect(bodies.join('')).toBe('');
  });

  it('takes the same person in again in place, and another one beside the first', async () => {
    const { session: made, told, contexts } = session();
    await made.start();
    await made.register(form('in.place'));
    contexts[0]?.tokenRefused();
    expect(made.view()).toMatchObject({ status: 'expired', account: { user: { username: 'in.place' } } });
    expect(contexts[0]?.socket.state).toBe('closed');
    await made.login({ server: relay.url, username: 'in.place', password: 'a fine password' });
    expect(made.view().status).toBe('signed_in');
    // What the old token's parts still say is about nobody who is signed in now.
    contexts[0]?.tokenRefused();
    expect(made.view().status).toBe('signed_in');
    await made.register(form('another'));
    expect(told).toEqual(['opened in.place online', 'expired', 'opened in.place online', 'opened another online']);
    expect(made.view().open.map(({ user }) => user.username)).toEqual(['in.place', 'another']);
    expect(made.view().account?.user.username).toBe('another');
  });
});

describe('several accounts', () => {
  const names = (view: { open: readonly { user: { username: string } }[] }): string[] =>
    view.open.map(({ user }) => user.username);

  it('are open at once, on two servers, each with its own token, and again after a start', async () => {
    const other = await startTestRelay();
    const secrets = secretStore('strong');
    const first = session(secrets);
    await first.signIn.start();
    for (const [name, server] of [
      ['one.here', relay.url],
      ['two.here', relay.url],
      ['three.there', other.url],
    ] as const) {
      const opened = await first.signIn.register({ ...form(name), server });
      expect(opened).toMatchObject({ ok: true, value: { accountId: first.signIn.view().current } });
    }
    expect(names(first.signIn.view())).toEqual(['one.here', 'two.here', 'three.there']);
    await until('all connected', () => first.contexts.every(({ socket }) => socket.state === 'open'));
    expect(new Set(first.tokens).size).toBe(3);
    const [one, two] = first.signIn.view().open;
    expect(await first.signIn.show({ accountId: two?.id ?? '' })).toEqual({ ok: true, value: null });
    expect(await first.signIn.show({ accountId: 'nobody' })).toMatchObject({ error: { code: 'not_signed_in' } });
    // One that is refused takes no other with it.
    first.contexts[2]?.tokenRefused();
    expect(first.signIn.view().open.map(({ status }) => status)).toEqual(['signed_in', 'signed_in', 'expired']);
    expect(await first.signIn.logout({ accountId: one?.id ?? '', forget: true })).toEqual({ ok: true, value: null });
    expect(first.signIn.view().current).toBe(two?.id);
    expect(first.contexts[1]?.socket.state).toBe('open');
    first.close();
    const second = session(secrets);
    await second.signIn.start();
    expect(names(second.signIn.view())).toEqual(['two.here', 'three.there']);
    expect(second.signIn.view().current).toBe(two?.id);
    await until('connected again', () => second.contexts.every(({ socket }) => socket.state === 'open'));
    await other.close();
  });

  it('a sign-in that comes back keeps its place, one that was closed goes to the end', async () => {
    const { signIn } = session();
    await signIn.start();
    for (const name of ['place.a', 'place.b', 'place.c']) await signIn.register(form(name));
    const login = (username: string) => ({ server: relay.url, username, password: 'a fine password' });
    await signIn.login(login('place.b'));
    expect(names(signIn.view())).toEqual(['place.a', 'place.b', 'place.c']);
    await signIn.logout({ accountId: signIn.view().open[0]?.id ?? '', forget: false });
    await signIn.login(login('place.a'));
    expect(names(signIn.view())).toEqual(['place.b', 'place.c', 'place.a']);
  });

  it('are sixteen at most; one of them may still come back in', async () => {
    const { signIn } = session();
    await signIn.start();
    for (let n = 0; n < MOST_OPEN; n += 1) {
      expect(await signIn.register(form(`many.${String(n)}`))).toMatchObject({ ok: true });
    }
    expect(await signIn.register(form('one.too.many'))).toMatchObject({ error: { code: 'too_many_accounts' } });
    expect(signIn.view().open).toHaveLength(MOST_OPEN);
    // The name was not taken in vain.
    expect((await relay.register('one.too.many')).user.username).toBe('one.too.many');
    const back = { server: relay.url, username: 'many.3', password: 'a fine password' };
    expect(await signIn.login(back)).toMatchObject({ ok: true });
  });

  it('the file of a version with one open account opens that one', async () => {
    const secrets = secretStore('strong');
    const first = session(secrets);
    await first.signIn.start();
    await first.signIn.register(form('old.closed'));
    await first.signIn.register(form('old.open'));
    const id = first.signIn.view().current;
    first.close();
    const document = fileDocument(own.folder, 'accounts');
    const stored = document.read() as { accounts: Record<string, unknown>[] };
    document.write({ ...stored, accounts: stored.accounts.map(({ open: _open, ...account }) => account) });
    const second = session(secrets);
    await second.signIn.start();
    expect(names(second.signIn.view())).toEqual(['old.open']);
    expect(second.signIn.view().current).toBe(id);
  });
});

describe('starting again', () => {
  it('opens the account without a network, with what the server could do', async () => {
    const secrets = secretStore('strong');
    const node = await startTestRelay();
    const first = session(secrets);
    await first.session.start();
    await first.session.register({ ...form('offline.ada'), server: node.url });
    first.close();
    await node.close();
    const second = session(secrets);
    await second.session.start();
    expect(second.session.view()).toMatchObject({
      status: 'signed_in',
      account: { user: { username: 'offline.ada' } },
    });
    expect(second.contexts[0]?.has('idempotency')).toBe(true);
    expect(second.told).toEqual(['opened offline.ada online']);
    await until('a try', () => second.contexts[0]?.socket.nextTryAt !== null);
    expect(second.session.view().status).toBe('signed_in');
  });

  it('opens it to read when the server does not know the token any more', async () => {
    const secrets = secretStore('strong');
    const first = session(secrets);
    await first.session.start();
    await first.session.register(form('revoked'));
    first.close();
    const document = fileDocument(own.folder, 'accounts');
    const stored = document.read() as { accounts: { token: string }[] };
    const account = stored.accounts[0];
    const forged = await secrets.encrypt('not.a.token');
    if (account && forged.ok) account.token = forged.value;
    document.write({ ...stored });
    const second = session(secrets);
    await second.session.start();
    await until('expired', () => second.session.view().status === 'expired');
    expect(second.told).toEqual(['opened revoked online', 'expired']);
    expect(second.session.view().account?.user.username).toBe('revoked');
  });

  it('opens it to read when the key store does not give the token back, and keeps what is stored', async () => {
    const secrets = secretStore('strong');
    const first = session(secrets);
    await first.session.start();
    await first.session.register(form('locked'));
    first.close();
    secrets.unreadable = 'lost';
    const second = session(secrets);
    await second.session.start();
    expect(second.told).toEqual(['opened locked to read']);
    expect(second.session.view().status).toBe('expired');
    second.close();
    secrets.unreadable = null;
    const third = session(secrets);
    await third.session.start();
    expect(third.told).toEqual(['opened locked online']);
  });

  it('keeps the token anew when the system changed its key', async () => {
    const secrets = secretStore('strong');
    const first = session(secrets);
    await first.session.start();
    await first.session.register(form('renewed'));
    first.close();
    secrets.renew = true;
    secrets.asked.encrypt = 0;
    const second = session(secrets);
    await second.session.start();
    expect(secrets.asked.encrypt).toBe(1);
    expect(second.told).toEqual(['opened renewed online']);
  });

  it.each([
    ['is empty', {}],
    ['is nonsense', { current: 5, accounts: 'x', keepWeakly: 'yes' }],
    ['names an account that is not there', { current: 'gone', accounts: [] }],
    ['holds a broken account', { current: 'a', accounts: [{ account: { id: 'a' }, token: 5 }] }],
  ])('signs nobody in when the file %s', async (_what, stored) => {
    fileDocument(own.folder, 'accounts').write(stored);
    const { session: made } = session();
    await made.start();
    expect(made.view()).toMatchObject({ status: 'signed_out', account: null });
  });
});

describe('signing out', () => {
  it('keeps what is stored, or has it forgotten', async () => {
    const { session: made, told } = session();
    await made.start();
    expect(await made.logout({ forget: false })).toMatchObject({ error: { code: 'not_signed_in' } });
    await made.register(form('leaving'));
    expect(await made.logout({ forget: false })).toEqual({ ok: true, value: null });
    expect(made.view()).toMatchObject({ status: 'signed_out', account: null });
    expect(await everything()).toContain('leaving');
    await made.login({ server: relay.url, username: 'leaving', password: 'a fine password' });
    await made.logout({ forget: true });
    expect(await everything()).not.toContain('leaving');
    expect(told).toEqual(['opened leaving online', 'closed', 'opened leaving online', 'closed and forgotten']);
    const next = session();
    await next.session.start();
    expect(next.session.view().status).toBe('signed_out');
  });
});

describe('whom the sign-in screen offers', () => {
  const login = (username: string) => ({ server: relay.url, username, password: 'a fine password' });

  it('is the last account after a log-out and at the next start, until it is forgotten', async () => {
    const { session: made } = session();
    await made.start();
    expect(made.view().last).toBeNull();
    await made.register(form('first.one'));
    await made.register(form('last.one'));
    const [first] = made.view().open;
    expect(first?.user.username).toBe('first.one');
    await made.show({ accountId: first?.id ?? '' });
    await made.logout({ forget: false });
    expect(made.view().last, 'somebody is here').toBeNull();
    await made.logout({ forget: false });
    expect(made.view().last).toEqual({ server: relay.url, username: 'last.one' });
    const next = session();
    await next.session.start();
    expect(next.session.view().last).toEqual({ server: relay.url, username: 'last.one' });
    await next.session.login(login('last.one'));
    await next.session.logout({ forget: true });
    expect(next.session.view().last).toEqual({ server: relay.url, username: 'first.one' });
    await next.session.login(login('first.one'));
    await next.session.logout({ forget: true });
    expect(next.session.view().last).toBeNull();
  });

  it('is nobody of another server than the program was started for, until a sign-in', async () => {
    const { session: made } = session();
    await made.start();
    await made.register(form('elsewhere'));
    await made.logout({ forget: false });
    const asked = makeSignIn(
      own.folder,
      secretStore('strong'),
      'https://x.example',
      undefined,
      undefined,
      'https://x.example',
    );
    open.push(asked);
    await asked.session.start();
    expect(asked.session.view().last).toBeNull();
    await asked.session.login(login('elsewhere'));
    await asked.session.logout({ forget: false });
    expect(asked.session.view().last).toEqual({ server: relay.url, username: 'elsewhere' });
  });
});

describe('the token', () => {
  it('stands in no file, no log line and no view, and the file is for its owner alone', async () => {
    const { session: made, logger, contexts, tokens } = session();
    await made.start();
    await made.register(form('secretive'));
    await until('connected', () => contexts[0]?.socket.state === 'open');
    const [used = ''] = tokens;
    expect(used.split('.')).toHaveLength(3);
    const told = JSON.stringify([logger.entries, made.view(), contexts]);
    const seen = `${await everything()}\n${told}`;
    for (const trace of traces(used)) expect(seen).not.toContain(trace);
    expect(seen).not.toContain('a fine password');
    if (process.platform !== 'win32') {
      expect((await stat(join(own.folder, 'accounts.json'))).mode & 0o777).toBe(0o600);
    }
  });

  it('is kept in memory alone by a weak key store, until the person says otherwise', async () => {
    const secrets = secretStore('weak');
    const first = session(secrets);
    await first.session.start();
    await first.session.register(form('weakling'));
    expect(first.session.view()).toMatchObject({
      status: 'signed_in',
      secretStorage: 'weak_memory',
      tellWeakStorage: true,
    });
    expect(fileDocument(own.folder, 'accounts').read()).toMatchObject({ accounts: [{ token: null }] });
    first.close();
    const second = session(secrets);
    await second.session.start();
    expect(second.session.view()).toMatchObject({ status: 'expired', tellWeakStorage: true });
    await second.session.login({ server: relay.url, username: 'weakling', password: 'a fine password' });
    expect(await second.session.keepWeakly({ keep: true })).toEqual({ ok: true, value: null });
    expect(second.session.view()).toMatchObject({
      status: 'signed_in',
      secretStorage: 'weak_kept',
      tellWeakStorage: false,
    });
    second.close();
    const third = session(secrets);
    await third.session.start();
    expect(third.session.view()).toMatchObject({ status: 'signed_in', secretStorage: 'weak_kept' });
    expect(await third.session.keepWeakly({ keep: false })).toEqual({ ok: true, value: null });
    expect(third.session.view()).toMatchObject({
      status: 'signed_in',
      secretStorage: 'weak_memory',
      tellWeakStorage: false,
    });
    expect(fileDocument(own.folder, 'accounts').read()).toMatchObject({
      accounts: [{ token: null }],
      keepWeakly: false,
    });
  });

  it('lives in memory where there is no key store', async () => {
    const { session: made } = session(secretStore('unavailable'));
    await made.start();
    await made.register(form('keyless'));
    expect(made.view()).toMatchObject({ status: 'signed_in', secretStorage: 'unavailable', tellWeakStorage: false });
    expect(await made.keepWeakly({ keep: true })).toMatchObject({ ok: false, error: { code: 'secret_store_failed' } });
    expect(fileDocument(own.folder, 'accounts').read()).toMatchObject({ accounts: [{ token: null }] });
  });
});
