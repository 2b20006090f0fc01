/** One person's account on real files, with the real REST client and socket, at a real relay. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Capability } from '../../contract/api/capabilities.ts';
import type { User } from '../../contract/api/user.ts';
import type { AccountEvent, AccountEventOf } from '../../contract/ipc/push.ts';
import type { AccountSnapshot, ChatView, ConnectionView, MessageView } from '../../contract/ipc/views.ts';
import type { Result } from '../../contract/model/errors.ts';
import { comparePositions } from '../../contract/model/message-order.ts';
import { systemClock } from '../../electron/main/platform/clock.ts';
import { createHttpClient } from '../../electron/main/services/api/http-client.ts';
import { createRelayApi } from '../../electron/main/services/api/relay-api.ts';
import { type Accounts, type AccountsOptions, createAccounts } from '../../electron/main/services/accounts/accounts.ts';
import { chatCommands } from '../../electron/main/services/commands/chats.ts';
import type { Commands } from '../../electron/main/services/commands/command.ts';
import { exportCommands } from '../../electron/main/services/commands/exports.ts';
import { fileCommands } from '../../electron/main/services/commands/files.ts';
import { laterCommands } from '../../electron/main/services/commands/later.ts';
import { messageCommands } from '../../electron/main/services/commands/messages.ts';
import { musicCommands } from '../../electron/main/services/commands/music.ts';
import { searchCommands } from '../../electron/main/services/commands/search.ts';
import { userCommands } from '../../electron/main/services/commands/users.ts';
import type { AccountContext } from '../../electron/main/services/ports.ts';
import { DEFAULT_SETTINGS } from '../../electron/main/services/settings/settings-service.ts';
import { createRelaySocket } from '../../electron/main/services/socket/relay-socket.ts';
import { createServerTime } from '../../electron/main/services/time/server-time.ts';
import { toUserView } from '../../electron/main/lib/user-view.ts';
import { CallLine } from '../../electron/main/services/calls/call-line.ts';
import { MediaCache } from '../../electron/main/services/files/media-cache.ts';
import { UploadSlots } from '../../electron/main/services/files/slots.ts';
import { filesSystem, recordingLogger, type TestFilesSystem } from './main-parts.ts';

export const WORKER_URL = new URL('../../electron/main/services/store/worker.ts', import.meta.url);

export interface PersonOptions {
  url: string;
  user: User;
  token: string;
  /** Kept over restarts when it is given. */
  userDataDir?: string;
  capabilities?: Capability[];
  data?: Partial<AccountsOptions>;
  /** The person whose program this account is opened in as well, as a second one; it ends when that person closes. */
  beside?: Person;
}

export const ALL_CAPABILITIES: Capability[] = ['idempotency', 'cursors', 'sync', 'message-read', 'presence'];

/** The value of a result that must be one. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** What a page would know from push events alone. */
export class PageModel {
  readonly events: AccountEvent[] = [];
  readonly chats = new Map<string, ChatView>();
  readonly messages = new Map<string, MessageView>();
  readonly #listeners = new Set<() => void>();

  apply(event: AccountEvent): void {
    this.events.push(event);
    if (event.kind === 'chats:reset') {
      this.chats.clear();
      for (const chat of event.chats) this.chats.set(chat.id, chat);
    } else if (event.kind === 'chats') for (const chat of event.upserts) this.chats.set(chat.id, chat);
    else if (event.kind === 'messages') {
      for (const key of event.removed) this.messages.delete(key);
      for (const message of event.upserts) this.messages.set(message.key, message);
    }
    for (const run of [...this.#listeners]) run();
  }

  /** The last event of a kind. */
  last<K extends AccountEvent['kind']>(kind: K): AccountEventOf<K> | undefined {
    return this.events.findLast((event): event is AccountEventOf<K> => event.kind === kind);
  }

  texts(chatId: string): string[] {
    return [...this.messages.values()]
      .filter((message) => message.chatId === chatId)
      .sort((a, b) => comparePositions(a.position, b.position))
      .map((message) => message.text);
  }

  /** Waits until something holds, looking after each event; fails with `what`. */
  until(what: string, check: () => boolean, timeoutMs = 10_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        clearInterval(poll);
        this.#listeners.delete(look);
      };
      const look = (): void => {
        if (!check()) return;
        end();
        resolve();
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`did not happen in ${timeoutMs} ms: ${what}`));
      }, timeoutMs);
      const poll = setInterval(look, 20);
      this.#listeners.add(look);
      look();
    });
  }
}

type AccountDomain = 'chats' | 'messages' | 'search' | 'users' | 'files' | 'music' | 'exports' | 'later';

/** The commands of a domain, of one account. */
type Bound<D extends AccountDomain> = {
  [M in keyof Commands<D>]: Commands<D>[M] extends (account: never, input: infer I) => infer R
    ? (input: I) => R
    : never;
};

/** What a page could ask of the one account. */
export interface AccountCommands {
  readonly chats: Bound<'chats'>;
  readonly messages: Bound<'messages'>;
  readonly search: Bound<'search'>;
  readonly users: Bound<'users'>;
  readonly files: Bound<'files'>;
  readonly music: Bound<'music'>;
  readonly exports: Bound<'exports'>;
  readonly later: Bound<'later'>;
  readonly connection: ConnectionView;
  retryNow(): void;
  snapshot(): Promise<AccountSnapshot>;
}

type AnyCommand = (account: unknown, input: unknown) => Promise<Result<unknown>>;

function bind<D extends AccountDomain>(accounts: Accounts, accountId: string, commands: Commands<D>): Bound<D> {
  const bound = Object.entries(commands as Record<string, AnyCommand>).map(([name, command]) => [
    name,
    (input: unknown) => accounts.command(accountId, (account) => command(account, input)),
  ]);
  return Object.fromEntries(bound) as Bound<D>;
}

const NOT_OPEN: ConnectionView = { phase: 'idle', retryAt: null, reason: null };

function commandsOf(accounts: Accounts, accountId: string): AccountCommands {
  return {
    chats: bind(accounts, accountId, chatCommands),
    messages: bind(accounts, accountId, messageCommands),
    search: bind(accounts, accountId, searchCommands),
    users: bind(accounts, accountId, userCommands),
    files: bind(accounts, accountId, fileCommands),
    music: bind(accounts, accountId, musicCommands),
    exports: bind(accounts, accountId, exportCommands),
    later: bind(accounts, accountId, laterCommands),
    get connection() {
      return accounts.get(accountId)?.connectionView ?? NOT_OPEN;
    },
    retryNow: () => accounts.retryNow(),
    async snapshot() {
      const found = (await accounts.snapshots()).find((state) => state.accountId === accountId);
      if (!found) throw new Error('the account is not open');
      return found;
    },
  };
}

/** What stands for one program: the open accounts and who tells them of sign-ins and networks. */
interface Program {
  readonly accounts: Accounts;
  readonly pages: Map<string, PageModel>;
  readonly userDataDir: string;
  readonly logger: ReturnType<typeof recordingLogger>;
  readonly http: ReturnType<typeof createHttpClient>;
  readonly cache: MediaCache;
  readonly system: TestFilesSystem;
  opened(context: AccountContext, online: boolean): void;
  woken(): void;
}

export interface Person {
  readonly user: User;
  readonly page: PageModel;
  readonly accountId: string;
  readonly data: AccountCommands;
  readonly logger: ReturnType<typeof recordingLogger>;
  readonly userDataDir: string;
  readonly program: Program;
  /** Opens the account; the socket starts after everybody has subscribed. */
  open(online?: boolean): void;
  /** Ends the line to the server, as a cable that is pulled; `open` brings it back. */
  dropSocket(): void;
  resume(): void;
  /** Closes as a quit does; the files stay when the folder was given. */
  close(): Promise<void>;
}

async function startProgram(options: PersonOptions): Promise<Program> {
  const userDataDir = options.userDataDir ?? (await mkdtemp(join(tmpdir(), 'relay-data-')));
  const logger = recordingLogger();
  const pages = new Map<string, PageModel>();
  const opened = new Set<(context: AccountContext, online: boolean) => void>();
  const woken = new Set<() => void>();
  const nobody = () => () => undefined;
  const system = filesSystem(join(userDataDir, 'downloads'));
  const cache = new MediaCache({ folder: join(userDataDir, 'media'), limit: 2 ** 30, clock: systemClock, logger });
  const accounts = createAccounts({
    signIn: {
      onOpened: (run) => (opened.add(run), () => void opened.delete(run)),
      onClosed: nobody,
      onExpired: nobody,
    },
    push: { account: (id, event) => pages.get(id)?.apply(event) },
    clock: systemClock,
    random: Math.random,
    logger,
    power: {
      onBattery: () => false,
      onOnline: (run) => (woken.add(run), () => void woken.delete(run)),
      onResume: nobody,
    },
    files: { slots: new UploadSlots(3), cache, system },
    calls: { line: new CallLine(), device: 'test-device', answerMs: 8_000, onMedia: () => undefined },
    userDataDir,
    workerUrl: WORKER_URL,
    settings: { view: () => ({ ...DEFAULT_SETTINGS, language: 'en' }), onChanged: nobody },
    ...options.data,
  });
  return {
    accounts,
    pages,
    userDataDir,
    logger,
    cache,
    system,
    http: createHttpClient({ clock: systemClock }),
    opened: (context, online) => opened.forEach((run) => run(context, online)),
    woken: () => woken.forEach((run) => run()),
  };
}

/** Makes a person's account; nothing is connected before `open`. */
export async function createPerson(options: PersonOptions): Promise<Person> {
  const program = options.beside?.program ?? (await startProgram(options));
  const { accounts, userDataDir, logger, http } = program;
  const accountId = `${options.url}/${options.user.id}`;
  const page = new PageModel();
  program.pages.set(accountId, page);
  let socket: ReturnType<typeof createRelaySocket> | null = null;
  const capabilities = new Set<string>(options.capabilities ?? ALL_CAPABILITIES);
  return {
    user: options.user,
    page,
    accountId,
    data: commandsOf(accounts, accountId),
    logger,
    userDataDir,
    program,
    open(online = true) {
      socket?.stop();
      const onTokenRefused = (): void => undefined;
      const line = createRelaySocket({
        server: options.url,
        token: options.token,
        clock: systemClock,
        random: Math.random,
        logger,
        onTokenRefused,
      });
      socket = line;
      const serverTime = createServerTime(systemClock);
      const context: AccountContext = {
        serverTime,
        account: { id: accountId, server: options.url, user: toUserView(options.user, accountId) },
        api: createRelayApi({
          http,
          clock: systemClock,
          logger,
          server: options.url,
          token: online ? options.token : null,
          onTokenRefused,
          onDate: (date) => serverTime.hear(date),
        }),
        socket: line,
        has: (capability) => capabilities.has(capability),
        tokenRefused: () => line.stop(),
        meChanged: () => undefined,
      };
      program.opened(context, online);
      if (online) line.start();
    },
    dropSocket() {
      socket?.stop();
    },
    resume() {
      socket?.start();
      program.woken();
    },
    async close() {
      socket?.stop();
      if (options.beside) return;
      await accounts.close();
      await program.cache.close();
      http.close();
      if (options.userDataDir === undefined) await rm(userDataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
