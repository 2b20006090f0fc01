/** Accounts: what is counted, what is given back, and who is let in. Hashing and signing are stood in for. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UserRow } from '../../../relay/records.ts';
import { createAccounts, type Accounts } from '../../../relay/services/accounts.ts';
import { createRateLimiter } from '../../../relay/services/rate-limiter.ts';
import { createKnownPlaces } from '../../../relay/services/known-places.ts';
import { createLogIns } from '../../../relay/services/log-ins.ts';
import { createTokenVersions, type TokenVersions } from '../../../relay/services/token-versions.ts';
import { createCore, START, type Core } from './core-world.ts';
import { ADAPTERS } from './databases.ts';

const HOUR = 3_600_000;
describe.each(ADAPTERS)('on $name', (adapter) => {
  let core: Core;
  let accounts: Accounts;
  let versions: TokenVersions;
  let hashed: [password: string, lane: string][];
  let lanes: string[];
  /** Thrown by the next hash or check. */
  let trouble: Error | null;
  /** Happens while a password is being hashed. */
  let meanwhile: () => Promise<unknown>;

  beforeEach(async () => {
    core = await createCore(adapter);
    hashed = [];
    lanes = [];
    trouble = null;
    meanwhile = () => Promise.resolve();
    const stop = (): void => {
      const error = trouble;
      trouble = null;
      if (error) throw error;
    };
    versions = createTokenVersions({ find: (userId) => core.users.find(userId), bus: core.bus });
    accounts = createAccounts({
      users: core.users,
      queue: core.queue,
      passwords: {
        async hash(password, lane) {
          stop();
          hashed.push([password, lane]);
          await meanwhile();
          return `hash of ${password}`;
        },
        async verify(password, stored, lane) {
          stop();
          lanes.push(lane);
          return stored === `hash of ${password}`;
        },
      },
      tokens: {
        lifetimeSeconds: () => 3600,
        sign: async (claims) => JSON.stringify(claims),
        verify: async (token) =>
          token.startsWith('{')
            ? {
                ...(JSON.parse(token) as { userId: string; version: number; scope: 'user' | 'admin' }),
                expiresAt: START + HOUR,
              }
            : null,
      },
      versions,
      logIns: createLogIns({
        failures: createRateLimiter(3, HOUR, core.now),
        addressFailures: createRateLimiter(10, HOUR, core.now),
        accountFailures: createRateLimiter(5, HOUR, core.now),
        places: createKnownPlaces(),
      }),
      registrations: createRateLimiter(2, HOUR, core.now),
      now: core.now,
    });
  });
  afterEach(() => core.close());

  const form = (username: string) => ({ username, password: 'secret', firstName: 'A', lastName: 'B', age: 30 });
  const claims = (token: string) => JSON.parse(token) as Record<string, unknown>;
  const limited = { code: 'rate_limited' };

  describe('a new account', () => {
    it('is stored with what was told, and signed in where it was made', async () => {
      const { user, token } = await accounts.register({ ...form('dora'), bio: 'hi' }, 'home');
      expect(user).toMatchObject({ username: 'dora', firstName: 'A', lastName: 'B', age: 30, bio: 'hi', role: 'user' });
      expect(user).toMatchObject({ passwordHash: 'hash of secret', createdAt: START });
      expect(claims(token)).toEqual({ userId: user.id, version: user.tokenVersion, scope: 'user' });
      expect(hashed).toEqual([['secret', 'home']]);
      // Its address is a known place: its guesses wait in a lane of their own.
      await accounts.login({ username: 'dora', password: 'secret' }, 'home');
      expect(lanes).toEqual([`home ${user.id}`]);
    });

    it('may say nothing of itself', async () => {
      const { user } = await accounts.register(form('dora'), 'home');
      expect(user.bio).toBe('');
    });

    it('under a name that is taken costs no hash and no place', async () => {
      for (let n = 0; n < 5; n += 1)
        await expect(accounts.register(form('anna'), 'home')).rejects.toMatchObject({
          code: 'username_taken',
          fields: { username: 'taken' },
        });
      expect(hashed).toEqual([]);
      await accounts.register(form('dora'), 'home');
      await accounts.register(form('dodo'), 'home');
    });

    it('under a name that somebody took while it was hashed is refused', async () => {
      meanwhile = () => core.person('dora');
      await expect(accounts.register(form('dora'), 'home')).rejects.toMatchObject({ code: 'username_taken' });
    });

    it('is one of two an hour from one address', async () => {
      await accounts.register(form('dora'), 'home');
      await accounts.register(form('dodo'), 'home');
      await expect(accounts.register(form('dudu'), 'home')).rejects.toMatchObject({ ...limited, retryAfterMs: HOUR });
      await accounts.register(form('dudu'), 'elsewhere');
      core.pass(HOUR);
      await accounts.register(form('didi'), 'home');
    });

    it('whose password could not be hashed takes no place', async () => {
      for (let n = 0; n < 5; n += 1) {
        trouble = new Error('full');
        await expect(accounts.register(form('dora'), 'home')).rejects.toThrow('full');
      }
      await accounts.register(form('dora'), 'home');
    });
  });

  describe('a log-in', () => {
    let dora: UserRow;
    beforeEach(async () => {
      dora = (await accounts.register(form('dora'), 'home')).user;
      lanes = [];
    });
    const login = (password: string, address = 'far', username = 'dora') =>
      accounts.login({ username, password }, address);
    const wrong = { code: 'wrong_credentials' };

    it('with the right password lets in, by any spelling of the name', async () => {
      const { user, token } = await login('secret', 'far', 'DORA');
      expect(user.id).toBe(dora.id);
      expect(claims(token)).toEqual({ userId: dora.id, version: dora.tokenVersion, scope: 'user' });
    });

    it('with a wrong one, and under a name that nobody has, is refused in the same words, and counted', async () => {
      for (let n = 0; n < 3; n += 1) await expect(login('x')).rejects.toMatchObject(wrong);
      await expect(login('secret')).rejects.toMatchObject(limited);
      for (let n = 0; n < 3; n += 1) await expect(login('x', 'far', 'nobody')).rejects.toMatchObject(wrong);
      await expect(login('x', 'far', 'NOBODY')).rejects.toMatchObject(limited);
      // Where she was signed in she is let in all the same.
      await login('secret', 'home');
    });

    it('that was right forgets what was wrong before', async () => {
      for (let round = 0; round < 4; round += 1) {
        await expect(login('x')).rejects.toMatchObject(wrong);
        await expect(login('x')).rejects.toMatchObject(wrong);
        await login('secret');
      }
    });

    it('that could not be checked is not counted', async () => {
      for (let n = 0; n < 9; n += 1) {
        trouble = new Error('full');
        await expect(login('secret')).rejects.toThrow('full');
      }
      await login('secret');
    });
  });

  describe('the administrator', () => {
    const admin = (password: string) => accounts.adminLogin({ username: 'admin', password }, 'home');
    const known = 'relay-demo';
    const generate = (): string => 'made up';

    it('is made at the first start, with the password that was given or one that is made', async () => {
      await accounts.ensureAdmin(undefined, known, generate);
      expect(await core.users.findAdmin()).toMatchObject({
        username: 'admin',
        firstName: 'Relay',
        lastName: 'Administrator',
        age: null,
        bio: '',
        role: 'admin',
        passwordHash: 'hash of made up',
        createdAt: START,
      });
      expect(hashed).toEqual([['made up', 'node']]);
      expect(claims(await admin('made up'))).toMatchObject({ scope: 'admin' });
      await expect(accounts.register(form('admin'), 'home')).rejects.toMatchObject({ code: 'username_taken' });
    });

    it.each([
      ['keeps its password when none is given', 'first', undefined, known, 'first'],
      ['keeps it when the same is given', 'first', 'first', known, 'first'],
      ['gets another one that is given', 'first', 'second', known, 'second'],
      ['gets a new one in place of one that everybody knows', known, undefined, known, 'made up'],
      ['keeps one that everybody knows where that is wanted', known, undefined, null, known],
    ])('%s', async (_what, before, given, refused, expected) => {
      await accounts.ensureAdmin(before, null, generate);
      const { passwordHash = '', tokenVersion = 0 } = (await core.users.findAdmin()) ?? {};
      expect(passwordHash).toBe(`hash of ${before}`);
      await accounts.ensureAdmin(given, refused, generate);
      const after = await core.users.findAdmin();
      expect(after?.passwordHash).toBe(`hash of ${expected}`);
      // What was signed with the old password ends with it.
      expect(after?.tokenVersion).toBe(expected === before ? tokenVersion : tokenVersion + 1);
    });

    it('is nobody else, whose right password looks like a wrong one', async () => {
      const { user } = await accounts.register(form('dora'), 'home');
      const wrong = { code: 'wrong_credentials' };
      for (let n = 0; n < 3; n += 1)
        await expect(accounts.adminLogin({ username: 'dora', password: 'secret' }, 'far')).rejects.toMatchObject(wrong);
      await expect(accounts.adminLogin({ username: 'dora', password: 'secret' }, 'far')).rejects.toMatchObject(limited);
      expect(
        await accounts.authenticate(JSON.stringify({ userId: user.id, version: 1, scope: 'admin' }), 'home'),
      ).toBeNull();
    });
  });

  describe('a token', () => {
    let dora: UserRow;
    let token: string;
    beforeEach(async () => {
      ({ user: dora, token } = await accounts.register(form('dora'), 'home'));
    });

    it('lets in whom it was made for, and makes the place known where it was shown', async () => {
      const caller = await accounts.authenticate(token, 'far');
      expect(caller).toMatchObject({ user: { id: dora.id }, scope: 'user', expiresAt: START + HOUR });
      lanes = [];
      await accounts.login({ username: 'dora', password: 'secret' }, 'far');
      expect(lanes).toEqual([`far ${dora.id}`]);
    });

    it.each([
      ['is none', () => 'nothing'],
      ['is of nobody', () => JSON.stringify({ userId: 'x', version: 1, scope: 'user' })],
      [
        'is of an earlier password',
        () => JSON.stringify({ userId: dora.id, version: dora.tokenVersion - 1, scope: 'user' }),
      ],
    ])('that %s does not', async (_what, made) => {
      expect(await accounts.authenticate(made(), 'home')).toBeNull();
    });

    it('is good until its time is over or the password changes', async () => {
      const caller = await accounts.authenticate(token, 'home');
      if (!caller) throw new Error('not let in');
      expect(await accounts.isStillGood(caller)).toBe(true);
      core.pass(HOUR - 1);
      expect(await accounts.isStillGood(caller)).toBe(true);
      core.pass(1);
      expect(await accounts.isStillGood(caller)).toBe(false);
      core.pass(-HOUR);
      expect(await accounts.isStillGood(caller)).toBe(true);
      await versions.change(dora.id, () => core.write((tx) => tx.users.setPassword(dora.id, 'another')));
      expect(await accounts.isStillGood(caller)).toBe(false);
    });

    it('that was let in is not let in again once the password has changed', async () => {
      expect(await accounts.authenticate(token, 'home')).not.toBeNull();
      await versions.change(dora.id, () => core.write((tx) => tx.users.setPassword(dora.id, 'another')));
      expect(await accounts.authenticate(token, 'home')).toBeNull();
    });

    it('is asked after in memory: a frame and a heartbeat read nothing', async () => {
      const caller = await accounts.authenticate(token, 'home');
      if (!caller) throw new Error('not let in');
      const find = vi.spyOn(core.users, 'find');
      expect(await accounts.isStillGood(caller)).toBe(true);
      expect(find).not.toHaveBeenCalled();
    });
  });
});
