/** Accounts: registration, sign-in, and resolving tokens to users. */
import type { LoginBody, RegisterBody } from '#contract/api/user.ts';
import { RelayError } from '../errors.ts';
import { foldUsername } from '../folding.ts';
import { newId } from '../ids.ts';
import type { UserRow } from '../records.ts';
import type { UserReads, WriteQueue } from '../repositories/ports.ts';
import { tooMany } from './budgets.ts';
import type { LogIns } from './log-ins.ts';
import type { Passwords } from './passwords.ts';
import type { RateLimiter } from './ports.ts';
import type { TokenVersions } from './token-versions.ts';
import type { Scope, Tokens } from './tokens.ts';

export interface AccountsOptions {
  users: UserReads;
  queue: WriteQueue;
  passwords: Passwords;
  tokens: Tokens;
  versions: TokenVersions;
  logIns: LogIns;
  /** New accounts per address. */
  registrations: RateLimiter;
  now: () => number;
}

/** The caller, and the scope of their token. */
export interface Caller {
  user: UserRow;
  scope: Scope;
  /** When the token expires, in milliseconds since the epoch. */
  expiresAt: number;
}

export type Accounts = ReturnType<typeof createAccounts>;

/** The fair-queue lane for the node's own hashes. */
const NODE_LANE = 'node';

/** The administrator's username; it cannot be registered. */
export const ADMIN_USERNAME = 'admin';

export function createAccounts(options: AccountsOptions) {
  const { users, queue, passwords, tokens, versions, logIns, registrations, now } = options;

  function taken(): RelayError {
    return new RelayError('username_taken', 'That username is taken.', { fields: { username: 'taken' } });
  }
  function sign(user: UserRow, scope: Scope): Promise<string> {
    return tokens.sign({ userId: user.id, version: user.tokenVersion, scope });
  }

  /** A password attempt, counted before it is checked. */
  async function checked(body: LoginBody, address: string, accept: (user: UserRow) => boolean): Promise<UserRow> {
    const user = await users.findByName(body.username);
    const guess = await logIns.begin(user?.id ?? foldUsername(body.username), address);
    let right: boolean;
    try {
      right = await passwords.verify(body.password, user?.passwordHash ?? null, guess.lane);
    } catch (error) {
      await guess.undo();
      throw error;
    }
    if (!right || !user || !accept(user)) throw new RelayError('wrong_credentials', 'Wrong username or password.');
    await guess.right();
    return user;
  }

  async function hashForNewcomer(password: string, address: string): Promise<string> {
    const wait = await registrations.take(address);
    if (wait > 0) throw tooMany('Too many new accounts from this address: wait a while.', wait);
    try {
      return await passwords.hash(password, address);
    } catch (error) {
      await registrations.giveBack(address);
      throw error;
    }
  }

  return {
    /** How long an administrator's token is good for. */
    adminTokenSeconds: tokens.lifetimeSeconds('admin'),

    async register(body: RegisterBody, address: string): Promise<{ user: UserRow; token: string }> {
      if (await users.isNameTaken(body.username)) throw taken();
      const passwordHash = await hashForNewcomer(body.password, address);
      const { username, firstName, lastName, age, bio = '' } = body;
      const user = await queue.run(async (tx) => {
        // The name may have been taken while the password was being hashed.
        if (await tx.users.isNameTaken(username)) throw taken();
        const id = newId();
        const person = { id, username, firstName, lastName, age, bio, passwordHash };
        await tx.users.insert({ ...person, role: 'user', createdAt: now() });
        return tx.users.find(id);
      });
      if (!user) throw new Error('a new account is not there');
      await logIns.seen(user.id, address);
      return { user, token: await sign(user, 'user') };
    },

    async login(body: LoginBody, address: string): Promise<{ user: UserRow; token: string }> {
      const user = await checked(body, address, () => true);
      return { user, token: await sign(user, 'user') };
    },

    async adminLogin(body: LoginBody, address: string): Promise<string> {
      // A correct password of a non-administrator must look like a wrong one.
      const user = await checked(body, address, (found) => found.role === 'admin');
      return sign(user, 'admin');
    },

    /** Null when the token is invalid or its user is gone. @param address the client address that presented it. */
    async authenticate(token: string, address: string): Promise<Caller | null> {
      const claims = await tokens.verify(token);
      if (!claims) return null;
      const user = await versions.load(claims.userId);
      if (!user || user.tokenVersion !== claims.version) return null;
      if (claims.scope === 'admin' && user.role !== 'admin') return null;
      await logIns.seen(user.id, address);
      return { user, scope: claims.scope, expiresAt: claims.expiresAt };
    },

    /** Whether an admitted caller still would be: token lifetime, account and password are checked. */
    async isStillGood({ user, expiresAt }: Caller): Promise<boolean> {
      return now() < expiresAt && (await versions.current(user.id)) === user.tokenVersion;
    },

    /**
     * Creates the administrator at first start. Later a different `given` password replaces the old one, and the
     * well-known one (`refused`, left over from a demonstration) is replaced by a generated one.
     * @param generate generates a password and stores it for the operator.
     * @returns whether the password that was given or generated is in force: another node may have been first.
     */
    async ensureAdmin(given: string | undefined, refused: string | null, generate: () => string): Promise<boolean> {
      const admin = await users.findAdmin();
      if (admin) {
        const keep =
          given === undefined
            ? refused === null || !(await passwords.verify(refused, admin.passwordHash, NODE_LANE))
            : await passwords.verify(given, admin.passwordHash, NODE_LANE);
        if (keep) return given !== undefined;
        const password = given ?? generate();
        const hash = await passwords.hash(password, NODE_LANE);
        await versions.change(admin.id, () => queue.run((tx) => tx.users.setPassword(admin.id, hash)));
        return true;
      }
      const password = given ?? generate();
      const passwordHash = await passwords.hash(password, NODE_LANE);
      const person = { username: ADMIN_USERNAME, firstName: 'Relay', lastName: 'Administrator', age: null, bio: '' };
      return queue.run(async (tx) => {
        if (await tx.users.findAdmin()) return false;
        await tx.users.insert({ id: newId(), ...person, passwordHash, role: 'admin', createdAt: now() });
        return true;
      });
    },
  };
}
