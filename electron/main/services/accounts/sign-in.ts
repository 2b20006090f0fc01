/**
 * Who is signed in, and the tokens. Several accounts are open at the same time.
 *
 * States of an account: closed (not in the list), `signed_in` (open, and its token is believed to be valid; being
 * offline changes nothing), `expired` (open and readable, but its token was refused or could not be read back: nothing
 * is sent until the user signs in again). A token that the key store cannot return yet is not a sign-out: the account
 * is `signed_in` on a waiting connection (waiting-connection.ts), and gets a real one when the token arrives. Nothing
 * here waits for the key store longer than a user would. A token is passed to its account's API client and socket and
 * to nothing else; it cannot be read from here.
 */
import type { RegisterBody, User } from '#contract/api/user.ts';
import type { ChannelInput } from '#contract/ipc/channels.ts';
import type { AccountIdentity, AccountsView, ServerView } from '#contract/ipc/views.ts';
import { type AppError, fail, ok, type Result } from '#contract/model/errors.ts';
import { Emitter } from '../../lib/emitter.ts';
import { toUserView } from '../../lib/user-view.ts';
import type {
  AccountContext,
  Clock,
  JsonDocument,
  Logger,
  RelayApi,
  SecretRead,
  SecretStore,
  SignInEvents,
  Disposer,
} from '../ports.ts';
import { lastAccount } from './last-account.ts';
import { type Connected, type Connection, createOpenConnections } from './open-connections.ts';
import { withPatience } from './patience.ts';
import { registerProblems } from './register-problems.ts';
import { afterOpen, arranged, readRegistry, type Registry, type StoredAccount, writeRegistry } from './registry.ts';
import { type SecretStorage, startKeeping, storageOf } from './token-keeper.ts';
import { TokenReader } from './token-reader.ts';

/** Maximum number of accounts open at the same time: each has its own threads and connection. */
export const MOST_OPEN = 16;

export interface SignInOptions {
  /** Where the accounts are stored. */
  document: JsonDocument;
  secrets: SecretStore;
  clock: Clock;
  logger: Logger;
  /** The address the sign-in screen suggests first. */
  defaultServer: string;
  /** The server that the user started the app for: until a sign-in it takes precedence over the last account's. */
  askedServer?: string | null;
  probe(typed: string): Promise<Result<ServerView>>;
  /** At the start the network waits for this: what the user sees first comes first. */
  firstScreen?: Promise<void>;
  /** Creates the parts for an account. With a null token only public operations can be called. */
  connect(server: string, token: string | null, onTokenRefused: () => void): Connected;
}

/** The result of a sign-in: the account it opened. */
type SignedIn = Result<{ accountId: string }>;

const tooMany = (): Result<never> => fail('too_many_accounts', 'no more accounts can be open');

export interface SignIn extends SignInEvents {
  view(): AccountsView;
  onChanged(run: (view: AccountsView) => void): Disposer;
  /** Opens the accounts that were open last, without waiting for the network. Subscribe first. */
  start(): Promise<void>;
  probe(input: ChannelInput<'accounts.probe'>): Promise<Result<ServerView>>;
  /** Like `login`, for a new user. */
  register(input: ChannelInput<'accounts.register'>): Promise<SignedIn>;
  /** Opens an account beside the others; `too_many_accounts` beyond `MOST_OPEN`. */
  login(input: ChannelInput<'accounts.login'>): Promise<SignedIn>;
  /** Closes one account; the others stay. */
  logout(input: ChannelInput<'accounts.logout'>): Promise<Result<null>>;
  /** Closes all accounts. */
  logoutAll(input: ChannelInput<'accounts.logoutAll'>): Promise<Result<null>>;
  /** The order of the open accounts on the screens. */
  arrange(input: ChannelInput<'accounts.arrange'>): Promise<Result<null>>;
  /** Stores all tokens anew: they are sealed in another way. */
  keepAgain(): Promise<void>;
  /** The user now looks at this account: the next start begins with it. */
  show(input: ChannelInput<'accounts.show'>): Promise<Result<null>>;
  keepWeakly(input: ChannelInput<'accounts.keepWeakly'>): Promise<Result<null>>;
  /** Closes the connections; stored accounts stay. */
  close(): void;
}

/** Creates it; no account is open before `start`. */
export function createSignIn(options: SignInOptions): SignIn {
  const { document, secrets, clock, logger } = options;
  const opened = new Emitter<[AccountContext, boolean]>('sign_in.opened', logger);
  const closed = new Emitter<[string, boolean]>('sign_in.closed', logger);
  const expired = new Emitter<[string]>('sign_in.expired', logger);
  const changed = new Emitter<[AccountsView]>('sign_in.changed', logger);

  let registry: Registry = { current: null, accounts: [], keepWeakly: null };
  let storage: SecretStorage = 'unavailable';
  let asked = options.askedServer ?? null;
  const connections = createOpenConnections({
    connect: (...parts) => options.connect(...parts),
    onOpened: (context, online, waiting) => {
      logger.info('sign_in.opened', { online, waiting, storage });
      // Before all other listeners, so that the page knows an account before anything is pushed for it.
      emitChanged();
      opened.emit(context, online);
    },
    onExpired: (accountId) => {
      logger.info('sign_in.expired');
      expired.emit(accountId);
      emitChanged();
    },
    onRecord: () => {
      save();
      emitChanged();
    },
  });
  const { open, isOpen, openAccount, connect, release } = connections;
  let queue: Promise<unknown> = Promise.resolve();

  /** Signing in, signing out and starting never overlap. */
  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = queue.then(run, run);
    queue = turn.catch(() => undefined);
    return turn;
  }

  function recordOf(id: string): StoredAccount | undefined {
    return registry.accounts.find(({ account }) => account.id === id);
  }

  function view(): AccountsView {
    return {
      // In the registry's order, which a reconnection does not change.
      open: registry.accounts.flatMap(({ account, capabilities }) => {
        const connection = open.get(account.id);
        return connection ? [{ ...account, status: connection.status, capabilities: [...capabilities] }] : [];
      }),
      current: registry.current !== null && open.has(registry.current) ? registry.current : null,
      secretStorage: storage,
      tellWeakStorage: open.size > 0 && storage === 'weak_memory' && registry.keepWeakly === null,
      defaultServer: options.defaultServer,
      last: open.size > 0 ? null : lastAccount(registry, asked),
    };
  }

  function emitChanged(): void {
    changed.emit(view());
  }

  function save(): Result<null> {
    const written = writeRegistry(document, registry);
    if (!written.ok) logger.error('sign_in.not_saved', { code: written.error.code });
    return written;
  }

  /** Determines how tokens are kept here, for the screens; late if the key store is slow. */
  async function learnStorage(): Promise<void> {
    const learning = storageOf(secrets, registry.keepWeakly).then((found) => {
      const kept = registry.accounts.filter((record) => record.open && record.token !== null);
      storage = kept.length > 0 && (found === 'weak_memory' || kept.some(({ weak }) => weak)) ? 'weak_kept' : found;
      emitChanged();
    });
    await withPatience(clock, learning);
  }

  /** Stores an open account's token as well as possible. A slow key store stores it when it answers. */
  async function keepToken(connection: Connection): Promise<void> {
    const { record, token } = connection;
    if (token === null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    connection.stopKeeping();
    connection.stopKeeping = startKeeping(token, registry.keepWeakly, { secrets, clock, logger }, (kept) => {
      resolve();
      // A token already stored is not discarded because it could not be stored again.
      if (kept.storage === 'unavailable' && record.token !== null) return;
      record.token = kept.token;
      record.weak = kept.weak;
      storage = kept.storage;
      // Signed in even if the disk refuses it: the failure is logged, and the next start asks again.
      save();
      emitChanged();
    });
    await withPatience(clock, promise);
  }

  async function openRead(record: StoredAccount, read: Exclude<SecretRead, { state: 'later' }>): Promise<Connection> {
    const connection = openAccount(record, read.state === 'read' ? read.secret : null);
    if (read.state === 'read' && read.renew) await keepToken(connection);
    return connection;
  }

  /**
   * Opens a stored account: with its token if the key store returns it in time, else on a connection that waits for it.
   */
  async function reopen(record: StoredAccount): Promise<Connection> {
    if (record.token === null) return openAccount(record, null);
    const reader = new TokenReader(record.token, { secrets, clock, logger });
    const first = await withPatience(clock, reader.first);
    if (first && first.value.state !== 'later') return openRead(record, first.value);
    const waiting = openAccount(record, null, reader);
    void reader.settled.then((read) =>
      inTurn(async () => {
        if (isOpen(waiting)) connect(await openRead(record, read));
      }),
    );
    return waiting;
  }

  /** The server accepted the user: stores what may be stored and opens the account. */
  async function adopt(server: ServerView, user: User, token: string): Promise<SignedIn> {
    const id = `${server.url}/${user.id}`;
    const known = recordOf(id);
    const account: AccountIdentity = {
      id,
      server: server.url,
      user: { ...toUserView(user, id), online: null, lastSeenAt: null },
    };
    const record: StoredAccount = { account, capabilities: server.capabilities, token: null, weak: false, open: true };
    // An open account keeps its position; one that is new or returns goes after the open ones.
    const place = known?.open ? registry.accounts.indexOf(known) : -1;
    const others = registry.accounts.filter((other) => other !== known);
    registry.accounts = place >= 0 ? others.toSpliced(place, 0, record) : afterOpen(others, record);
    registry.current = id;
    asked = null;
    save();
    const connection = openAccount(record, token);
    connect(connection);
    await keepToken(connection);
    return ok({ accountId: id });
  }

  /** In turn only. */
  function closeAccount(accountId: string, forget: boolean): Result<null> {
    const connection = open.get(accountId);
    const record = recordOf(accountId);
    if (!connection || !record) return fail('not_signed_in', 'the account is not open');
    release(connection);
    record.token = null;
    record.open = false;
    const others = registry.accounts.filter((other) => other !== record);
    // Newest first: the sign-in screen suggests the one it saw last.
    registry.accounts = forget ? others : afterOpen(others, record);
    if (registry.current === accountId)
      registry.current = registry.accounts.find((other) => other.open)?.account.id ?? null;
    const saved = save();
    closed.emit(accountId, forget);
    emitChanged();
    return saved;
  }

  async function signIn(
    server: string,
    ask: (
      api: RelayApi,
    ) => Promise<{ ok: true; value: { user: User; token: string } } | { ok: false; error: AppError }>,
  ): Promise<SignedIn> {
    const found = await options.probe(server);
    if (!found.ok) return found;
    const isFull = open.size >= MOST_OPEN;
    // One of the open accounts may sign in again; whether it is one of them is known only after the server's answer.
    if (isFull && ![...open.values()].some(({ record }) => record.account.server === found.value.url)) return tooMany();
    const { api } = options.connect(found.value.url, null, () => undefined);
    const answer = await ask(api);
    if (!answer.ok) return { ok: false, error: answer.error };
    const { user, token } = answer.value;
    if (isFull && !open.has(`${found.value.url}/${user.id}`)) return tooMany();
    return adopt(found.value, user, token);
  }

  return {
    view,
    onChanged: (run) => changed.on(run),
    onOpened: (run) => opened.on(run),
    onClosed: (run) => closed.on(run),
    onExpired: (run) => expired.on(run),
    probe: ({ server }) => options.probe(server),
    start: () =>
      inTurn(async () => {
        registry = readRegistry(document, logger);
        const records = registry.accounts.filter((record) => record.open).slice(0, MOST_OPEN);
        // The account to be shown opens first; the key store is asked for all of them at the same time.
        const first = records.find(({ account }) => account.id === registry.current);
        const ordered = first ? [first, ...records.filter((record) => record !== first)] : records;
        const [connections] = await Promise.all([Promise.all(ordered.map(reopen)), learnStorage()]);
        if (connections.length === 0) emitChanged();
        const connectAll = (): void => connections.forEach(connect);
        if (options.firstScreen) void options.firstScreen.then(connectAll);
        else connectAll();
      }),
    login: ({ server, username, password }) =>
      inTurn(() => signIn(server, (api) => api.call('login', { body: { username, password } }))),
    register: (input) =>
      inTurn(async () => {
        const fields = registerProblems(input);
        if (Object.keys(fields).length > 0) return fail('validation', 'fields of the form', { fields });
        // Before anything is sent: a name that was registered and not let in would be lost to the person.
        if (open.size >= MOST_OPEN) return tooMany();
        const { server, bio, ...rest } = input;
        const body: RegisterBody = bio === '' ? rest : { ...rest, bio };
        return signIn(server, (api) => api.call('register', { body }));
      }),
    logout: ({ accountId, forget }) =>
      inTurn(async () => {
        const saved = closeAccount(accountId, forget);
        await learnStorage();
        return saved;
      }),
    logoutAll: ({ forget }) =>
      inTurn(async () => {
        let result: Result<null> = ok(null);
        for (const accountId of [...open.keys()]) {
          const saved = closeAccount(accountId, forget);
          if (!saved.ok) result = saved;
        }
        await learnStorage();
        return result;
      }),
    arrange: ({ ids }) =>
      inTurn(async () => {
        registry.accounts = arranged(registry.accounts, ids);
        emitChanged();
        return save();
      }),
    keepAgain: () => inTurn(async () => void (await Promise.all([...open.values()].map(keepToken)))),
    show: ({ accountId }) =>
      inTurn(async () => {
        if (!open.has(accountId)) return fail('not_signed_in', 'the account is not open');
        if (registry.current === accountId) return ok(null);
        registry.current = accountId;
        emitChanged();
        return save();
      }),
    keepWeakly: ({ keep }) =>
      inTurn(async () => {
        if (open.size === 0) return fail('not_signed_in', 'no account is open');
        registry.keepWeakly = keep;
        for (const connection of open.values()) {
          if (connection.record.weak && !keep) {
            connection.record.token = null;
            connection.record.weak = false;
          }
        }
        if (storage !== 'strong') await Promise.all([...open.values()].map(keepToken));
        const saved = save();
        emitChanged();
        if (!saved.ok) return saved;
        return keep && storage === 'unavailable' ? fail('secret_store_failed', 'no key store') : ok(null);
      }),
    close: () => [...open.values()].forEach(release),
  };
}
