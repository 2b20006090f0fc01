/**
 * The services that keep messages, put together: for the account that is open, a store, an outbox and a sync, and in
 * front of them what the page asks for.
 */
import type { ConnectionView, SettingsView, Snapshot, UnreadView } from '#contract/ipc/views.ts';
import { fail, type Result } from '#contract/model/errors.ts';
import { OpenAccount, type Step } from './account.ts';
import { createChatsService, type ChatsService } from './chats/chats.ts';
import { createIdMaker } from './messages/ids.ts';
import { createMessagesService, type MessagesService } from './messages/messages.ts';
import type {
  AccountContext,
  Clock,
  ConnectionSource,
  Logger,
  PowerEvents,
  PushSink,
  Random,
  SessionEvents,
  Undo,
} from './ports.ts';
import { createSearchService, type SearchService } from './search/search.ts';
import { forgetAccount } from './store/account-store.ts';
import { StoreError } from './store/problems.ts';
import { watchClock } from './sync/clock-watch.ts';

export interface DataOptions {
  sessions: SessionEvents;
  push: PushSink;
  clock: Clock;
  random: Random;
  logger: Logger;
  power: PowerEvents;
  /** The application's folder; each account gets its own below it. */
  userDataDir: string;
  /** The store's thread: `store/worker.ts` in development, its bundle in the product. */
  workerUrl: URL;
  settings: { view(): SettingsView; onChanged(run: (view: SettingsView) => void): Undo };
  /** Milliseconds after which a lost request cannot arrive any more, on servers without keys. */
  settleMs?: number;
  /** False: as if SQLite had no FTS5. */
  useFts?: boolean;
  /** Hears of named moments; tests end the program at one of them. */
  onStep?: (step: Step) => void;
  /** The time at the server, milliseconds since the epoch; null while it has not told. */
  serverNow?: () => number | null;
  /** Hears how much is unread in each chat when an account opens or its store was made anew. */
  onCounts?: (counts: [chatId: string, unread: number][]) => void;
}

/** The services that keep messages. */
export interface DataServices extends ConnectionSource {
  readonly chats: ChatsService;
  readonly messages: MessagesService;
  readonly search: SearchService;
  readonly connection: ConnectionView;
  /** Tries the server and what waits to be sent at once, as after a sleep. Without an account nothing is tried. */
  hurry(): void;
  /** What a page needs to stand up. Take the push number before asking: events after it are applied again, harmlessly. */
  snapshotParts(): Promise<Pick<Snapshot, 'connection' | 'chats' | 'moreChats' | 'unread' | 'lastChatId'>>;
  /** Lets go of the server, finishes what is being written, closes the database. */
  close(): Promise<void>;
}

const SETTLE_MS = 20_000;
const IDLE: ConnectionView = { phase: 'idle', retryAt: null, reason: null };
const NOTHING: UnreadView = { messages: 0, chats: 0 };
const NO_CHATS = { chats: [], moreChats: false, unread: NOTHING, lastChatId: null };

/** Makes the services and begins to listen to the session. */
export function createDataServices(options: DataOptions): DataServices {
  const { sessions, push, clock, random, logger, power, userDataDir } = options;
  let open: OpenAccount | null = null;
  /** The end of what was closed last: the same files are not opened before. */
  let closing: Promise<unknown> = Promise.resolve();

  const letGo = (forget: boolean): void => {
    const account = open;
    if (!account) return;
    open = null;
    closing = account
      .close()
      .then(() => (forget ? forgetAccount(userDataDir, account.id) : undefined))
      .catch((error: unknown) =>
        logger.error('data.not_closed', { reason: error instanceof Error ? error.name : 'unknown' }),
      );
    push.emit({ kind: 'chats:reset', chats: [], more: false });
    push.emit({ kind: 'unread', unread: NOTHING });
    push.emit({ kind: 'connection', connection: IDLE });
  };
  const opened = (context: AccountContext, online: boolean): void => {
    if (open && open.id !== context.account.id) letGo(false);
    open ??= new OpenAccount(context, {
      clock,
      random,
      logger,
      push,
      userDataDir,
      workerUrl: options.workerUrl,
      after: closing,
      settleMs: options.settleMs ?? SETTLE_MS,
      useFts: options.useFts ?? true,
      onBattery: () => power.onBattery(),
      olderMessages: () => options.settings.view().olderMessages,
      onStep: (step) => options.onStep?.(step),
      onCounts: (counts) => options.onCounts?.(counts),
    });
    open.attach(context, online);
  };
  const hurry = (): void => open?.hurry();
  const undos: Undo[] = [
    sessions.onOpened(opened),
    sessions.onClosed((accountId, forget) => {
      if (open?.id === accountId) letGo(forget);
      else if (forget) closing = closing.then(() => forgetAccount(userDataDir, accountId));
    }),
    sessions.onExpired?.((accountId) => {
      if (open?.id === accountId) open.expired();
    }) ?? (() => undefined),
    options.settings.onChanged(() => open?.backfill.wake()),
    power.onOnline(hurry),
    power.onResume(hurry),
    watchClock(clock, logger, hurry),
  ];

  const account = (): Result<OpenAccount> => {
    // Only the page's commands ask for it: somebody is at work.
    open?.backfill.touched();
    return open ? { ok: true, value: open } : fail('not_signed_in', 'no account is open');
  };
  const guarded = async <T>(work: () => Promise<Result<T>>): Promise<Result<T>> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreError) return fail('storage_failed', `the store: ${error.problem}`);
      throw error;
    }
  };

  return {
    chats: createChatsService({ account, guarded, clock, sendTyping: () => options.settings.view().sendTyping }),
    messages: createMessagesService({
      account,
      guarded,
      clock,
      serverNow: () => options.serverNow?.() ?? null,
      newId: createIdMaker(() => clock.now()),
    }),
    search: createSearchService({ account, guarded }),
    hurry,
    get connection() {
      return open?.connection ?? IDLE;
    },
    async snapshotParts() {
      const shown = open;
      if (!shown) return { connection: IDLE, ...NO_CHATS };
      try {
        const { chats, more, unread, lastChatId } = await shown.snapshot();
        return { connection: shown.connection, chats, moreChats: more, unread, lastChatId };
      } catch (error) {
        // The page stands up empty rather than not at all; what is wrong has been logged and is told on the first send.
        logger.error('data.no_snapshot', { reason: error instanceof Error ? error.name : 'unknown' });
        return { connection: shown.connection, ...NO_CHATS };
      }
    },
    async close() {
      for (const undo of undos.splice(0)) undo();
      const last = open;
      open = null;
      await last?.close();
      await closing;
    },
  };
}
