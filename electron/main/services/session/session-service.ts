/**
 * Who is signed in, and the token.
 *
 * States: `signed_out` (no account is open), `signed_in` (an account is open and its token is believed to be good; being
 * offline changes nothing), `expired` (the account stays open and readable, but its token was refused or could not be
 * read back: nothing is sent until the person logs in again). A token that the key store does not give back yet is no
 * log-out: the account is `signed_in` on a line that waits (waiting-line.ts), and gets a real one when the token comes.
 * Nothing here waits for the key store longer than a person would. The token is handed to the API client and the
 * socket of its account and to nobody else; there is no way to ask for it.
 */
import type { Capability } from '#contract/api/capabilities.ts';
import type { RegisterBody, User } from '#contract/api/user.ts';
import type { ChannelInput } from '#contract/ipc/channels.ts';
import type { AccountView, ServerView, SessionView } from '#contract/ipc/views.ts';
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
  SessionEvents,
  Undo,
} from '../ports.ts';
import { lastAccount } from './last-account.ts';
import { withPatience } from './patience.ts';
import { registerProblems } from './register-problems.ts';
import { readRegistry, type Registry, type StoredAccount, writeRegistry } from './registry.ts';
import { type SecretStorage, startKeeping, storageOf } from './token-keeper.ts';
import { TokenReader } from './token-reader.ts';
import { createWaitingLine } from './waiting-line.ts';

/** The live parts for one token. */
interface Connected {
  api: RelayApi;
  socket: RelaySocket & { start(): void; stop(): void };
}

export interface SessionOptions {
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

export interface SessionService extends SessionEvents {
  onExpired(run: (accountId: string) => void): Undo;
  view(): SessionView;
  onChanged(run: (view: SessionView) => void): Undo;
  /** Opens the account that was open last, without waiting for the network. Subscribe before. */
  start(): Promise<void>;
  probe(server: string): Promise<Result<ServerView>>;
  register(input: ChannelInput<'session.register'>): Promise<Result<null>>;
  login(input: ChannelInput<'session.login'>): Promise<Result<null>>;
  logout(input: ChannelInput<'session.logout'>): Promise<Result<null>>;
  keepWeakly(input: ChannelInput<'session.keepWeakly'>): Promise<Result<null>>;
  /** Lets the connection go; what is kept stays kept. */
  close(): void;
}

interface OpenAccount {
  context: AccountContext;
  connected: Connected;
  token: string | null;
  undo: Undo[];
}

export function createSessionService(options: SessionOptions): SessionService {
  const { document, secrets, clock, logger } = options;
  const opened = new Emitter<[AccountContext, boolean]>('session.opened', logger);
  const closed = new Emitter<[string, boolean]>('session.closed', logger);
  const expired = new Emitter<[string]>('session.expired', logger);
  const changed = new Emitter<[SessionView]>('session.changed', logger);

  let registry: Registry = { current: null, accounts: [], keepWeakly: null };
  let status: SessionView['status'] = 'signed_out';
  let storage: SecretStorage = 'unavailable';
  let asked = options.askedServer ?? null;
  let open: OpenAccount | null = null;
  let undoKeeping: Undo = () => undefined;
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

  function view(): SessionView {
    return {
      status,
      account: open?.context.account ?? null,
      secretStorage: storage,
      tellWeakStorage: open !== null && storage === 'weak_memory' && registry.keepWeakly === null,
      defaultServer: options.defaultServer,
      last: open ? null : lastAccount(registry, asked),
      capabilities: open ? [...(recordOf(open.context.account.id)?.capabilities ?? [])] : [],
    };
  }

  function tell(): void {
    changed.emit(view());
  }

  function save(): Result<null> {
    const written = writeRegistry(document, registry);
    if (!written.ok) logger.error('session.not_saved', { code: written.error.code });
    return written;
  }

  function letGo(): void {
    undoKeeping();
    for (const undo of open?.undo ?? []) undo();
    open?.connected.socket.stop();
    open = null;
  }

  /** The other person's account is closed; the same account's parts are only replaced. */
  function leave(nextId: string | null, forget: boolean): void {
    const id = open?.context.account.id;
    letGo();
    if (id !== undefined && id !== nextId) closed.emit(id, forget);
  }

  function refresh(mine: OpenAccount, user: User): void {
    const record = recordOf(mine.context.account.id);
    if (open !== mine || record?.account.user.id !== user.id) return;
    const before = JSON.stringify(record.account.user);
    record.account.user = { ...toUserView(user), online: null, lastSeenAt: null };
    if (JSON.stringify(record.account.user) === before) return;
    save();
    tell();
  }

  function heardCapabilities(mine: OpenAccount, announced: string[] | null | undefined): void {
    const record = recordOf(mine.context.account.id);
    // A server that says nothing here may have announced them at its address alone.
    if (open !== mine || !record || !announced) return;
    if (JSON.stringify(announced) === JSON.stringify(record.capabilities)) return;
    record.capabilities = announced;
    save();
    tell();
  }

  /** Opens it with a token, or without one: to read, or on the line of a `reader` that still waits for the token. */
  function openAccount(record: StoredAccount, token: string | null, reader: TokenReader | null = null): OpenAccount {
    leave(record.account.id, false);
    const refused = (): void => {
      if (open !== mine || status !== 'signed_in') return;
      status = 'expired';
      mine.connected.socket.stop();
      logger.info('session.expired');
      expired.emit(record.account.id);
      tell();
    };
    const connected = reader ? createWaitingLine(reader) : options.connect(record.account.server, token, refused);
    const context: AccountContext = {
      // Looked up each time: the person's name may change while the account is open.
      get account(): AccountView {
        return record.account;
      },
      api: connected.api,
      socket: connected.socket,
      has: (capability: Capability) => record.capabilities.includes(capability),
      tokenRefused: refused,
      meChanged: (user) => refresh(mine, user),
    };
    const mine: OpenAccount = { context, connected, token, undo: [] };
    const online = token !== null || reader !== null;
    open = mine;
    status = online ? 'signed_in' : 'expired';
    let asked = false;
    mine.undo.push(
      connected.socket.onOpen((hello) => {
        heardCapabilities(mine, hello.capabilities);
        if (asked) return;
        asked = true;
        void connected.api.call('me', {}).then((me) => {
          if (me.ok) refresh(mine, me.value.user);
        });
      }),
    );
    logger.info('session.opened', { online, waiting: reader !== null, storage });
    opened.emit(context, online);
    tell();
    return mine;
  }

  /** After everybody has subscribed, so that the first frame finds its listeners. */
  function connect(mine: OpenAccount): void {
    if (mine.token !== null && open === mine && status === 'signed_in') mine.connected.socket.start();
  }

  /** How the token is kept here, for the screens; comes late from a key store that is late. */
  async function learnStorage(): Promise<void> {
    const learning = storageOf(secrets, registry.keepWeakly).then((found) => {
      const record = registry.current === null ? undefined : recordOf(registry.current);
      const isWeak = found === 'weak_memory' || record?.weak === true;
      storage = isWeak && record && record.token !== null ? 'weak_kept' : found;
      tell();
    });
    await withPatience(clock, learning);
  }

  /** Keeps the open account's token as well as may be. A key store that is late keeps it when it comes. */
  async function keepOpenToken(): Promise<void> {
    const mine = open;
    const record = mine ? recordOf(mine.context.account.id) : undefined;
    if (!mine || !record || mine.token === null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    undoKeeping();
    undoKeeping = startKeeping(mine.token, registry.keepWeakly, { secrets, clock, logger }, (kept) => {
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

  async function openRead(record: StoredAccount, read: Exclude<SecretRead, { state: 'later' }>): Promise<OpenAccount> {
    const mine = openAccount(record, read.state === 'read' ? read.secret : null);
    if (read.state === 'read' && read.renew) await keepOpenToken();
    return mine;
  }

  /** Opens a stored account: with its token when the key store gives it in time, else on a line that waits for it. */
  async function reopen(record: StoredAccount, kept: string): Promise<OpenAccount> {
    const reader = new TokenReader(kept, { secrets, clock, logger });
    const [first] = await Promise.all([withPatience(clock, reader.first), learnStorage()]);
    if (first && first.value.state !== 'later') return openRead(record, first.value);
    const waiting = openAccount(record, null, reader);
    void reader.settled.then((read) =>
      inTurn(async () => {
        if (open === waiting) connect(await openRead(record, read));
      }),
    );
    return waiting;
  }

  /** The server took the person: keeps what may be kept and opens the account. */
  async function adopt(server: ServerView, user: User, token: string): Promise<Result<null>> {
    const id = `${server.url}/${user.id}`;
    const known = recordOf(id);
    const account: AccountView = {
      id,
      server: server.url,
      user: { ...toUserView(user), online: null, lastSeenAt: null },
    };
    const record: StoredAccount = { account, capabilities: server.capabilities, token: null, weak: false };
    registry.accounts = [record, ...registry.accounts.filter((other) => other !== known)];
    registry.current = id;
    asked = null;
    save();
    connect(openAccount(record, token));
    await keepOpenToken();
    return ok(null);
  }

  async function signIn(
    server: string,
    ask: (
      api: RelayApi,
    ) => Promise<{ ok: true; value: { user: User; token: string } } | { ok: false; error: AppError }>,
  ): Promise<Result<null>> {
    const found = await options.probe(server);
    if (!found.ok) return found;
    const { api } = options.connect(found.value.url, null, () => undefined);
    const answer = await ask(api);
    if (!answer.ok) return { ok: false, error: answer.error };
    return adopt(found.value, answer.value.user, answer.value.token);
  }

  return {
    view,
    onChanged: (run) => changed.on(run),
    onOpened: (run) => opened.on(run),
    onClosed: (run) => closed.on(run),
    onExpired: (run) => expired.on(run),
    probe: (server) => options.probe(server),
    start: () =>
      inTurn(async () => {
        registry = readRegistry(document, logger);
        const record = registry.current === null ? undefined : recordOf(registry.current);
        if (record && record.token !== null) {
          const mine = await reopen(record, record.token);
          if (options.firstScreen) void options.firstScreen.then(() => connect(mine));
          else connect(mine);
          return;
        }
        await learnStorage();
        if (record) openAccount(record, null);
        else tell();
      }),
    login: ({ server, username, password }) =>
      inTurn(() => signIn(server, (api) => api.call('login', { body: { username, password } }))),
    register: (input) =>
      inTurn(async () => {
        const fields = registerProblems(input);
        if (Object.keys(fields).length > 0) return fail('validation', 'fields of the form', { fields });
        const { server, bio, ...rest } = input;
        const body: RegisterBody = bio === '' ? rest : { ...rest, bio };
        return signIn(server, (api) => api.call('register', { body }));
      }),
    logout: ({ forget }) =>
      inTurn(async () => {
        const id = open?.context.account.id;
        if (id === undefined) return fail('not_signed_in', 'no account is open');
        const record = recordOf(id);
        if (record) record.token = null;
        if (forget) registry.accounts = registry.accounts.filter((other) => other !== record);
        registry.current = null;
        const saved = save();
        status = 'signed_out';
        leave(null, forget);
        tell();
        await learnStorage();
        return saved;
      }),
    keepWeakly: ({ keep }) =>
      inTurn(async () => {
        if (!open) return fail('not_signed_in', 'no account is open');
        registry.keepWeakly = keep;
        const record = recordOf(open.context.account.id);
        if (record?.weak && !keep) {
          record.token = null;
          record.weak = false;
        }
        if (storage !== 'strong') await keepOpenToken();
        const saved = save();
        tell();
        if (!saved.ok) return saved;
        return keep && storage === 'unavailable' ? fail('secret_store_failed', 'no key store') : ok(null);
      }),
    close: letGo,
  };
}
