/** A session over a key store that asks the person, cannot answer now, or refuses: nobody waits for it and nobody is logged out by it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  fileDocument,
  ManualClock,
  ownFolder,
  secretStore,
  type TestSecretStore,
  until,
} from '../../helpers/main-parts.ts';
import { makeSignIn, type TestSignIn } from '../../helpers/main-session.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';

let relay: TestRelay;
let own: Awaited<ReturnType<typeof ownFolder>>;
let clock: ManualClock;
const open: TestSignIn[] = [];

beforeAll(async () => {
  relay = await startTestRelay();
});
afterAll(() => relay.close());
beforeEach(async () => {
  own = await ownFolder();
  clock = new ManualClock();
});
afterEach(async () => {
  for (const session of open.splice(0)) session.close();
  await own.remove();
});

function session(secrets: TestSecretStore): TestSignIn {
  const made = makeSignIn(own.folder, secrets, relay.url, undefined, clock);
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

const kept = () => fileDocument(own.folder, 'accounts').read() as { accounts: { token: string | null }[] };

/** A key store with the token of somebody who has closed the program. */
async function signedInBefore(username: string): Promise<TestSecretStore> {
  const secrets = secretStore('strong');
  const first = session(secrets);
  await first.session.start();
  expect(await first.session.register(form(username))).toMatchObject({ ok: true });
  first.close();
  return secrets;
}

/** Lets the key store's question stand, and the time pass that a person would wait. */
async function outOfPatience<T>(work: Promise<T>): Promise<T> {
  await until('somebody waits', () => clock.pending > 0);
  clock.advance(1_000);
  return work;
}

describe('at the start', () => {
  it('an unanswered question holds nothing up, and its answer brings the connection', async () => {
    const secrets = await signedInBefore('asked');
    const question = Promise.withResolvers<void>();
    secrets.asking = question.promise;
    const second = session(secrets);
    await outOfPatience(second.session.start());
    expect(second.told).toEqual(['opened asked online']);
    expect(second.session.view()).toMatchObject({ status: 'signed_in', account: { user: { username: 'asked' } } });
    const [waiting] = second.contexts;
    expect(waiting?.socket).toMatchObject({ state: 'closed', nextTryAt: null, reason: 'secret_store_failed' });
    // What is sent meanwhile was certainly not stored: it stays queued, as without a network.
    expect(await waiting?.api.call('me', {})).toMatchObject({
      ok: false,
      effect: 'not_stored',
      error: { code: 'secret_store_failed' },
    });
    // Nothing that is said meanwhile costs what is kept.
    expect(await second.session.keepWeakly({ keep: true })).toMatchObject({ error: { code: 'secret_store_failed' } });
    expect(kept().accounts[0]?.token).not.toBeNull();
    // A key store that asks is not asked again.
    clock.advance(600_000);
    waiting?.socket.nudge();
    expect(secrets.asked.decrypt).toBe(1);
    question.resolve();
    await until('connected', () => second.contexts[1]?.socket.state === 'open');
    expect(second.told).toEqual(['opened asked online', 'opened asked online']);
    expect(second.session.view()).toMatchObject({ status: 'signed_in', secretStorage: 'strong' });
  });

  it('"temporarily unavailable" is asked again, ever more slowly, and at once when something wakes it', async () => {
    const secrets = await signedInBefore('later');
    secrets.unreadable = 'later';
    secrets.asked.decrypt = 0;
    const second = session(secrets);
    await second.session.start();
    expect(second.session.view().status).toBe('signed_in');
    const socket = second.contexts[0]?.socket;
    for (const [pause, asked] of [
      [2_000, 2],
      [5_000, 3],
      [15_000, 4],
      [60_000, 5],
      [60_000, 6],
    ] as const) {
      await until('the next try stands', () => socket?.nextTryAt === clock.now() + pause);
      clock.advance(pause - 1);
      expect(secrets.asked.decrypt).toBe(asked - 1);
      clock.advance(1);
      expect(secrets.asked.decrypt).toBe(asked);
    }
    await until('it waits', () => socket?.nextTryAt !== null);
    secrets.unreadable = null;
    socket?.nudge();
    await until('connected', () => second.contexts[1]?.socket.state === 'open');
    expect(second.told).toEqual(['opened later online', 'opened later online']);
  });

  it('a token that turns out to be lost is a sign-in that has ended, and stays on disk', async () => {
    const secrets = await signedInBefore('lost');
    secrets.unreadable = 'later';
    const second = session(secrets);
    await second.session.start();
    secrets.unreadable = 'lost';
    second.contexts[0]?.socket.nudge();
    await until('expired', () => second.session.view().status === 'expired');
    expect(kept().accounts[0]?.token).not.toBeNull();
  });

  it('whoever signs in meanwhile goes on with that, whatever the key store says later', async () => {
    const secrets = await signedInBefore('impatient');
    const question = Promise.withResolvers<void>();
    secrets.asking = question.promise;
    const second = session(secrets);
    await outOfPatience(second.session.start());
    const login = { server: relay.url, username: 'impatient', password: 'a fine password' };
    expect(await outOfPatience(second.session.login(login))).toMatchObject({ ok: true });
    await until('connected', () => second.contexts[1]?.socket.state === 'open');
    question.resolve();
    await until('kept', () => kept().accounts[0]?.token !== null);
    expect(second.contexts).toHaveLength(2);
    expect(second.contexts[1]?.socket.state).toBe('open');
  });

  it('a sign-in that is under way when the key store answers is the one that counts', async () => {
    const secrets = await signedInBefore('racing');
    const question = Promise.withResolvers<void>();
    secrets.asking = question.promise;
    const second = session(secrets);
    await outOfPatience(second.session.start());
    const login = second.session.login({ server: relay.url, username: 'racing', password: 'a fine password' });
    question.resolve();
    expect(await login).toMatchObject({ ok: true });
    // Its turn comes after everything that the answer set going.
    await second.session.keepWeakly({ keep: true });
    expect(second.contexts).toHaveLength(2);
    expect(second.tokens).toHaveLength(1);
  });

  it('whoever signs out meanwhile is signed out, and an answer after that changes nothing', async () => {
    const secrets = await signedInBefore('leaving');
    const question = Promise.withResolvers<void>();
    secrets.asking = question.promise;
    const second = session(secrets);
    await outOfPatience(second.session.start());
    expect(await outOfPatience(second.session.logout({ forget: false }))).toEqual({ ok: true, value: null });
    question.resolve();
    await until('the store is known', () => second.session.view().secretStorage === 'strong');
    expect(second.session.view()).toMatchObject({ status: 'signed_out', account: null });
    expect(second.told).toEqual(['opened leaving online', 'closed']);
  });
});

describe('a sign-in', () => {
  it('does not wait for an unanswered question, and the token is kept once it is answered', async () => {
    const secrets = secretStore('strong');
    const first = session(secrets);
    await first.session.start();
    const question = Promise.withResolvers<void>();
    secrets.asking = question.promise;
    expect(await outOfPatience(first.session.register(form('patient')))).toMatchObject({ ok: true });
    await until('connected', () => first.contexts[0]?.socket.state === 'open');
    expect(kept().accounts[0]?.token).toBeNull();
    question.resolve();
    await until('kept', () => kept().accounts[0]?.token !== null);
    expect(first.session.view().secretStorage).toBe('strong');
  });

  it('is kept after all by a key store that refused at first', async () => {
    const secrets = secretStore('unavailable');
    const first = session(secrets);
    await first.session.start();
    await first.session.register(form('refused'));
    expect(first.session.view().secretStorage).toBe('unavailable');
    secrets.mood = 'strong';
    clock.advance(5_000);
    await until('kept', () => kept().accounts[0]?.token !== null);
    expect(first.session.view().secretStorage).toBe('strong');
    expect(clock.pending).toBe(0);
  });

  it('stays kept when it cannot be kept anew', async () => {
    const secrets = await signedInBefore('renewing');
    const before = kept().accounts[0]?.token;
    secrets.renew = true;
    // It reads, and encrypts nothing any more.
    const refusing = { ...secrets, strength: async () => 'unavailable' as const };
    const second = session(refusing);
    await second.session.start();
    expect(second.told).toEqual(['opened renewing online']);
    expect(kept().accounts[0]?.token).toBe(before);
  });
});
