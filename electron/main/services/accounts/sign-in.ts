/**
 * Who is signed in, and the tokens. Several accounts are open at the same time.
 *
 * States of an account: closed (not in the list), `signed_in` (open, and its token is believed to be good; being offline
 * changes nothing), `expired` (open and readable, but its token was refused or could not be read back: nothing is sent
 * until the person signs in again). A token that the key store does not give back yet is no log-out: the account is
 * `signed_in` on a connection that waits (waiting-connection.ts), and gets a real one when the token comes. Nothing here
 * waits for the key store longer than a person would. A token is handed to the API client and the socket of its account
 * and to nobody else; there is no way to ask for it.
 */
import type { Capability } from '#contract/api/capabilities.ts';
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
  RelaySocket,
  SecretRead,
  SecretStore,
  ServerClock,
  SignInEvents,
  Disposer,
} from '../ports.ts';
import { lastAccount } from './last-account.ts';
import { withPatience } from './patience.ts';
import { registerProblems } from './register-problems.ts';
import { readRegistry, type Registry, type StoredAccount, writeRegistry } from './registry.ts';
import { type SecretStorage, startKeeping, storageOf } from './token-keeper.ts';
import { TokenReader } from './token-reader.ts';
import { createWaitingConnection } from './waiting-connection.ts';

/** The live parts for one token. */
interface Connected {
  api: RelayApi;
  socket: RelaySocket & { start(): void; stop(): void };
  serverTime: ServerClock;
}

/** Accounts that are open at the same time: each has threads and a connection of its own. */
export const MOST_OPEN = 16;

export interface SignInOptions {
  /** Where the accounts are kept. */
  document: JsonDocument;
  secrets: SecretStore;
  clock: Clock;
  logger: Logger;
  /** The address that the sign-in screen offers first. */
  defaultServer: string;
  /** The server that the person has started the program for: until a sign-in it goes before that of the last account. */
  askedServer?: string | null;
  probe(typed: string): Promise<Result<ServerView>>;
  /** At the program's start the network waits for this: what the person sees first goes before. */
  firstScreen?: Promise<void>;
  /** Makes the parts for an account. With a null token nothing but public operations can be called. */
  connect(server: string, token: string | null, onTokenRefused: () => void): Connected;
}

/** The answer to a sign-in: the account that it opened. */
type SignedIn = Result<{ accountId: string }>;

export interface SignIn extends SignInEvents {
  view(): AccountsView;
  onChanged(run: (view: AccountsView) => void): Disposer;
  /** Opens the accounts that were open last, without waiting for the network. Subscribe before. */
  start(): Promise<void>;
  probe(input: ChannelInput<'accounts.probe'>): Promise<Result<ServerView>>;
  /** Like `login`, for somebody new. */
  register(input: ChannelInput<'accounts.register'>): Promise<SignedIn>;
  /** Opens an account beside the others; `too_many_accounts` past `MOST_OPEN`. */
  login(input: ChannelInput<'accounts.login'>): Promise<SignedIn>;
  /** Closes one account; the others stay. */
  logout(input: ChannelInput<'accounts.logout'>): Promise<Result<null>>;
  /** The person looks at this account now: the next start begins with it. */
  show(input: ChannelInput<'accounts.show'>): Promise<Result<null>>;
  keepWeakly(input: ChannelInput<'accounts.keepWeakly'>): Promise<Result<null>>;
  /** Lets the connections go; what is kept stays kept. */
  close(): void;
}

/** An open account as its token and connection stand. */
interface Connection {
  readonly record: StoredAccount;
  readonly connected: Connected;
  readonly token: string | null;
  status: 'signed_in' | 'expired';
  stopKeeping: Disposer;
  dispose: Disposer[];
}

/** Makes it; nobody is signed in before `start`. */
export function createSignIn(options: SignInOptions): SignIn {
  const { document, secrets, clock, logger } = options;
  const opened = new Emitter<[AccountContext, boolean]>('sign_in.opened', logger);
  const closed = new Emitter<[string, boolean]>('sign_in.closed', logger);
  const expired = new Emitter<[string]>('sign_in.expired', logger);
  const changed = new Emitter<[AccountsView]>('sign_in.changed', logger);

  let registry: Registry = { current: null, accounts: [], keepWeakly: null };
  let storage: SecretStorage = 'unavailable';
  let asked = options.askedServer ?? null;
  const open = new Map<string, Connection>();
  let queue: Promise<unknown> = Promise.resolve();

  /** Signing in, out and starting never overlap. */
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
        const line = open.get(account.id);
        return line ? [{ ...account, status: line.status, capabilities: [...capabilities] }] : [];
      }),
      current: registry.current !== null && open.has(registry.current) ? registry.current : null,
      secretStorage: storage,
      tellWeakStorage: open.size > 0 && storage === 'weak_memory' && registry.keepWeakly === null,
      defaultServer: options.defaultServer,
      last: open.size > 0 ? null : lastAccount(registry, asked),
    };
  }

  function tell(): void {
    changed.emit(view());
  }

  function save(): Result<null> {
    const written = writeRegistry(document, registry);
    if (!written.ok) logger.error('sign_in.not_saved', { code: written.error.code });
    return written;
  }

  function letGo(line: Connection): void {
    line.stopKeeping();
    for (const dispose of line.dispose.splice(0)) dispose();
    line.connected.socket.stop();
    const { id } = line.record.account;
    if (open.get(id) === line) open.delete(id);
  }

  const isOpen = (line: Connection): boolean => open.get(line.record.account.id) === line;

  function refresh(mine: Connection, user: User): void {
    const { record } = mine;
    if (!isOpen(mine) || record.account.user.id !== user.id) return;
    const before = JSON.stringify(record.account.user);
    record.account.user = { ...toUserView(user), online: null, lastSeenAt: null };
    if (JSON.stringify(record.account.user) === before) return;
    save();
    tell();
  }

  function heardCapabilities(mine: Connection, announced: string[] | null | undefined): void {
    const { record } = mine;
    // A server that says nothing here may have announced them at its address alone.
    if (!isOpen(mine) || !announced) return;
    if (JSON.stringify(announced) === JSON.stringify(record.capabilities)) return;
    record.capabilities = announced;
    save();
    tell();
  }

  function expire(mine: Connection): void {
    if (!isOpen(mine) || mine.status !== 'signed_in') return;
    mine.status = 'expired';
    mine.connected.socket.stop();
    logger.info('sign_in.expired');
    expired.emit(mine.record.account.id);
    tell();
  }

  function contextOf(mine: Connection): AccountContext {
    const { record, connected } = mine;
    return {
      // Looked up each time: the person's name may change while the account is open.
      get account(): AccountIdentity {
        return record.account;
      },
      api: connected.api,
      socket: connected.socket,
      serverTime: connected.serverTime,
      has: (capability: Capability) => record.capabilities.includes(capability),
      tokenRefused: () => expire(mine),
      meChanged: (user) => refresh(mine, user),
    };
  }

  /** Opens it with a token, or without one: to read, or on the connection of a `reader` that still waits for the token. */
  function openAccount(record: StoredAccount, token: string | null, reader: TokenReader | null = null): Connection {
    const before = open.get(record.account.id);
    if (before) letGo(before);
    const connected: Connected = reader
      ? createWaitingConnection(reader)
      : options.connect(record.account.server, token, () => expire(mine));
    const online = token !== null || reader !== null;
    const mine: Connection = {
      record,
      connected,
      token,
      status: online ? 'signed_in' : 'expired',
      stopKeeping: () => undefined,
      dispose: [],
    };
    open.set(record.account.id, mine);
    let isAsked = false;
    mine.dispose.push(
      connected.socket.onOpen((hello) => {
        heardCapabilities(mine, hello.capabilities);
        if (isAsked) return;
        isAsked = true;
        void connected.api.call('me', {}).then((me) => {
          if (me.ok) refresh(mine, me.value.user);
        });
      }),
    );
    logger.info('sign_in.opened', { online, waiting: reader !== null, storage });
    // Before anybody else: what is pushed for an account concerns one that the page knows.
    tell();
    opened.emit(contextOf(mine), online);
    return mine;
  }

  /** After everybody has subscribed, so that the first frame finds its listeners. */
  function connect(mine: Connection): void {
    if (mine.token !== null && isOpen(mine) && mine.status === 'signed_in') mine.connected.socket.start();
  }

  /** How tokens are kept here, for the screens; comes late from a key store that is late. */
  async function learnStorage(): Promise<void> {
    const learning = storageOf(secrets, registry.keepWeakly).then((found) => {
      const kept = registry.accounts.filter((record) => record.open && record.token !== null);
      storage = kept.length > 0 && (found === 'weak_memory' || kept.some(({ weak }) => weak)) ? 'weak_kept' : found;
      tell();
    });
    await withPatience(clock, learning);
  }

  /** Keeps an open account's token as well as may be. A key store that is late keeps it when it comes. */
  async function keepToken(mine: Connection): Promise<void> {
    const { record, token } = mine;
    if (token === null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    mine.stopKeeping();
    mine.stopKeeping = startKeeping(token, registry.keepWeakly, { secrets, clock, logger }, (kept) => {
      resolve();
      // What is kept already is not given up because it could not be kept anew.
      if (kept.storage === 'unavailable' && record.token !== null) return;
      record.token = kept.token;
      record.weak = kept.weak;
      storage = kept.storage;
      // Signed in all the same when the disk does not take it: the failure is logged, and the next start asks again.
      save();
      tell();
    });
    await withPatience(clock, promise);
  }

  async function openRead(record: StoredAccount, read: Exclude<SecretRead, { state: 'later' }>): Promise<Connection> {
    const mine = openAccount(record, read.state === 'read' ? read.secret : null);
    if (read.state === 'read' && read.renew) await keepToken(mine);
    return mine;
  }

  /** Opens a stored account: with its token when the key store gives it in time, else on a connection that waits for it. */
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

  /** The server took the person: keeps what may be kept and opens the account. */
  async function adopt(server: ServerView, user: User, token: string): Promise<SignedIn> {
    const id = `${server.url}/${user.id}`;
    const known = recordOf(id);
    const account: AccountIdentity = {
      id,
      server: server.url,
      user: { ...toUserView(user), online: null, lastSeenAt: null },
    };
    const record: StoredAccount = { account, capabilities: server.capabilities, token: null, weak: false, open: true };
    // One that is open keeps its place; one that is new, or comes back, goes behind those that are open.
    const place = known?.open ? registry.accounts.indexOf(known) : -1;
    const others = registry.accounts.filter((other) => other !== known);
    registry.accounts = others.toSpliced(place >= 0 ? place : others.filter((other) => other.open).length, 0, record);
    registry.current = id;
    asked = null;
    save();
    const mine = openAccount(record, token);
    connect(mine);
    await keepToken(mine);
    return ok({ accountId: id });
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
    // One that is open already may come back in; whether it is that is known only to who it was signed in at.
    if (isFull && ![...open.values()].some(({ record }) => record.account.server === found.value.url))
      return fail('too_many_accounts', 'no more accounts can be open');
    const { api } = options.connect(found.value.url, null, () => undefined);
    const answer = await ask(api);
    if (!answer.ok) return { ok: false, error: answer.error };
    const { user, token } = answer.value;
    if (isFull && !open.has(`${found.value.url}/${user.id}`))
      return fail('too_many_accounts', 'no more accounts can be open');
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
        // The one that is looked at first opens first; the key store is asked for all at the same time.
        const first = records.find(({ account }) => account.id === registry.current);
        const ordered = first ? [first, ...records.filter((record) => record !== first)] : records;
        const [lines] = await Promise.all([Promise.all(ordered.map(reopen)), learnStorage()]);
        if (lines.length === 0) tell();
        const connectAll = (): void => lines.forEach(connect);
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
        if (open.size >= MOST_OPEN) return fail('too_many_accounts', 'no more accounts can be open');
        const { server, bio, ...rest } = input;
        const body: RegisterBody = bio === '' ? rest : { ...rest, bio };
        return signIn(server, (api) => api.call('register', { body }));
      }),
    logout: ({ accountId, forget }) =>
      inTurn(async () => {
        const line = open.get(accountId);
        const record = recordOf(accountId);
        if (!line || !record) return fail('not_signed_in', 'the account is not open');
        letGo(line);
        record.token = null;
        record.open = false;
        // Behind the open ones, the newest first: the sign-in screen offers whom it saw last.
        const others = registry.accounts.filter((other) => other !== record);
        const firstClosed = others.filter((other) => other.open).length;
        registry.accounts = forget ? others : others.toSpliced(firstClosed, 0, record);
        if (registry.current === accountId)
          registry.current = registry.accounts.find((other) => other.open)?.account.id ?? null;
        const saved = save();
        closed.emit(accountId, forget);
        tell();
        await learnStorage();
        return saved;
      }),
    show: ({ accountId }) =>
      inTurn(async () => {
        if (!open.has(accountId)) return fail('not_signed_in', 'the account is not open');
        if (registry.current === accountId) return ok(null);
        registry.current = accountId;
        tell();
        return save();
      }),
    keepWeakly: ({ keep }) =>
      inTurn(async () => {
        if (open.size === 0) return fail('not_signed_in', 'no account is open');
        registry.keepWeakly = keep;
        for (const line of open.values()) {
          if (line.record.weak && !keep) {
            line.record.token = null;
            line.record.weak = false;
          }
        }
        if (storage !== 'strong') await Promise.all([...open.values()].map(keepToken));
        const saved = save();
        tell();
        if (!saved.ok) return saved;
        return keep && storage === 'unavailable' ? fail('secret_store_failed', 'no key store') : ok(null);
      }),
    close: () => [...open.values()].forEach(letGo),
  };
}
