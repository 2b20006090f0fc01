/** Accounts: making one, signing in, and who a token belongs to. */
import { createId } from '@paralleldrive/cuid2';
import type { LoginBody, RegisterBody } from '#contract/api/user.ts';
import { RelayError } from '../errors.ts';
import type { UserRow, Users } from '../repositories/users.ts';
import type { WriteQueue } from '../storage/write-queue.ts';
import type { Attempts } from './attempts.ts';
import { fold } from './folding.ts';
import type { Passwords } from './passwords.ts';
import type { Scope, Tokens } from './tokens.ts';

export interface AccountsOptions {
  users: Users;
  queue: WriteQueue;
  passwords: Passwords;
  tokens: Tokens;
  /** Failures per account and address, per address, and registrations per address. */
  failures: Attempts;
  addressFailures: Attempts;
  registrations: Attempts;
  now: () => number;
}

/** Who is asking, and what the token they showed is good for. */
export interface Caller {
  user: UserRow;
  scope: Scope;
  /** When the token ends, in milliseconds since the epoch. */
  expiresAt: number;
}

export type Accounts = ReturnType<typeof createAccounts>;

/** The administrator's name; nobody can register it. */
export const ADMIN_USERNAME = 'admin';

export function createAccounts(options: AccountsOptions) {
  const { users, queue, passwords, tokens, failures, addressFailures, registrations, now } = options;

  function tooMany(retryAfterMs: number): RelayError {
    return new RelayError('rate_limited', 'Too many attempts: wait a while.', { retryAfterMs });
  }
  function taken(): RelayError {
    return new RelayError('username_taken', 'That username is taken.', { fields: { username: 'taken' } });
  }
  function sign(user: UserRow, scope: Scope): Promise<string> {
    return tokens.sign({ userId: user.id, version: user.tokenVersion, scope });
  }

  /** One guess at a password, counted before it is tried. */
  async function checked(body: LoginBody, address: string, accept: (user: UserRow) => boolean): Promise<UserRow> {
    const key = `${address} ${fold(body.username)}`;
    const wait = failures.take(key);
    if (wait > 0) throw tooMany(wait);
    const addressWait = addressFailures.take(address);
    if (addressWait > 0) {
      failures.giveBack(key);
      throw tooMany(addressWait);
    }
    let user: UserRow | null;
    let right: boolean;
    try {
      user = users.findByName(body.username);
      right = await passwords.verify(body.password, user?.passwordHash ?? null);
    } catch (error) {
      // Nothing was guessed.
      failures.giveBack(key);
      addressFailures.giveBack(address);
      throw error;
    }
    if (!right || !user || !accept(user)) throw new RelayError('wrong_credentials', 'Wrong username or password.');
    failures.forgive(key);
    addressFailures.giveBack(address);
    return user;
  }

  return {
    async register(body: RegisterBody, address: string): Promise<{ user: UserRow; token: string }> {
      if (users.isNameTaken(body.username)) throw taken();
      const wait = registrations.take(address);
      if (wait > 0) throw tooMany(wait);
      const passwordHash = await passwords.hash(body.password);
      const { username, firstName, lastName, age, bio = '' } = body;
      const user = await queue.run(() => {
        // Somebody else may have taken the name while the password was being hashed.
        if (users.isNameTaken(username)) throw taken();
        const id = createId();
        users.insert({ id, username, firstName, lastName, age, bio, passwordHash, role: 'user', createdAt: now() });
        return users.find(id);
      });
      if (!user) throw new Error('a new account is not there');
      return { user, token: await sign(user, 'user') };
    },

    async login(body: LoginBody, address: string): Promise<{ user: UserRow; token: string }> {
      const user = await checked(body, address, () => true);
      return { user, token: await sign(user, 'user') };
    },

    async adminLogin(body: LoginBody, address: string): Promise<string> {
      // A right password of somebody who is no administrator looks like a wrong one.
      const user = await checked(body, address, (found) => found.role === 'admin');
      return sign(user, 'admin');
    },

    /** Null when the token is no good one, or its holder is no more. */
    async authenticate(token: string): Promise<Caller | null> {
      const claims = await tokens.verify(token);
      if (!claims) return null;
      const user = users.find(claims.userId);
      if (!user || user.tokenVersion !== claims.version) return null;
      if (claims.scope === 'admin' && user.role !== 'admin') return null;
      return { user, scope: claims.scope, expiresAt: claims.expiresAt };
    },

    /** Whether somebody who was let in earlier would still be: the token's time, the account, its password. */
    isStillGood({ user, expiresAt }: Caller): boolean {
      return now() < expiresAt && users.find(user.id)?.tokenVersion === user.tokenVersion;
    },

    /**
     * Makes the administrator at first start. Later a given password that is another one replaces the old, and one
     * that everybody knows (`refused`, left from a demonstration) is replaced by a new one.
     * @returns the password when it was made here and must be told.
     */
    async ensureAdmin(
      given: string | undefined,
      refused: string | null,
      generate: () => string,
    ): Promise<string | null> {
      const admin = users.findAdmin();
      if (admin) {
        const keep =
          given === undefined
            ? refused === null || !(await passwords.verify(refused, admin.passwordHash))
            : await passwords.verify(given, admin.passwordHash);
        if (keep) return null;
        const password = given ?? generate();
        const hash = await passwords.hash(password);
        await queue.run(() => users.setPassword(admin.id, hash));
        return given === undefined ? password : null;
      }
      const password = given ?? generate();
      const passwordHash = await passwords.hash(password);
      const person = { username: ADMIN_USERNAME, firstName: 'Relay', lastName: 'Administrator', age: null, bio: '' };
      await queue.run(() => {
        users.insert({ id: createId(), ...person, passwordHash, role: 'admin', createdAt: now() });
      });
      return given === undefined ? password : null;
    },
  };
}
