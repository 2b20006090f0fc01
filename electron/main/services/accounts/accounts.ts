/**
 * The accounts that are open, by their ids: several at once, each with a store, an outbox and a connection of its own. It
 * follows the sign-in and knows nothing of tokens.
 */
import type { AccountSnapshot, ConnectionView, SettingsView } from '#contract/ipc/views.ts';
import { fail, type Result } from '#contract/model/errors.ts';
import type { AccountContext, Clock, Logger, PowerEvents, PushSink, Random, SignInEvents, Disposer } from '../ports.ts';
import { forgetAccount } from '../store/account-store.ts';
import { StoreError } from '../store/problems.ts';
import { watchClock } from '../sync/clock-watch.ts';
import { Account, type Failpoint } from './account.ts';

export interface AccountsOptions {
  signIn: SignInEvents;
  push: PushSink;
  clock: Clock;
  random: Random;
  logger: Logger;
  power: PowerEvents;
  /** The application's folder; each account gets its own below it. */
  userDataDir: string;
  /** The store's thread: `store/worker.ts` in development, its bundle in the product. */
  workerUrl: URL;
  settings: { view(): SettingsView; onChanged(run: (view: SettingsView) => void): Disposer };
  /** Milliseconds after which a lost request cannot arrive any more, on servers without keys. */
  settleMs?: number;
  /** False: as if SQLite had no FTS5. */
  useFts?: boolean;
  /** Hears of named moments; tests end the program at one of them. */
  onFailpoint?: (failpoint: Failpoint) => void;
  /** Hears how much is unread in each chat when an account opens or its store was made anew. */
  onCounts?: (accountId: string, counts: [chatId: string, unread: number][]) => void;
}

/** The open accounts. */
export interface Accounts {
  /** Null when it is not open. */
  get(accountId: string): Account | null;
  /**
   * Runs a command of the page on an open account. `not_signed_in` when it is not open, `storage_failed` when its store
   * does not take it.
   */
  command<T>(accountId: string, work: (account: Account) => Promise<Result<T>>): Promise<Result<T>>;
  /** Tries the servers and what waits to be sent at once, as after a sleep. */
  retryNow(): void;
  /** What a page needs to show each account. Take the push number before asking: events after it are applied again, harmlessly. */
  snapshots(): Promise<AccountSnapshot[]>;
  /** Lets go of the servers, finishes what is being written, closes the databases. */
  close(): Promise<void>;
}

const SETTLE_MS = 20_000;
const IDLE: ConnectionView = { phase: 'idle', retryAt: null, reason: null };

/** Begins to follow the sign-in. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { signIn, push, logger, userDataDir } = options;
  const open = new Map<string, Account>();
  /** The end of what was closed last, by account: the same files are not opened before. */
  const closing = new Map<string, Promise<unknown>>();

  function closed(accountId: string): Promise<unknown> {
    return closing.get(accountId) ?? Promise.resolve();
  }

  function whileClosing(accountId: string, work: Promise<unknown>): void {
    const ended = work
      .catch((error: unknown) =>
        logger.error('accounts.not_closed', { reason: error instanceof Error ? error.name : 'unknown' }),
      )
      .finally(() => {
        if (closing.get(accountId) === ended) closing.delete(accountId);
      });
    closing.set(accountId, ended);
  }

  function letGo(accountId: string, forget: boolean): void {
    const account = open.get(accountId);
    open.delete(accountId);
    if (account) {
      push.account(accountId, { kind: 'chats:reset', chats: [], more: false });
      push.account(accountId, { kind: 'unread', unread: { messages: 0, chats: 0 } });
      push.account(accountId, { kind: 'connection', connection: IDLE });
    }
    const ended = account ? account.close() : closed(accountId);
    whileClosing(
      accountId,
      ended.then(() => (forget ? forgetAccount(userDataDir, accountId) : undefined)),
    );
  }

  function make(context: AccountContext): Account {
    const { id } = context.account;
    return new Account(context, {
      clock: options.clock,
      random: options.random,
      logger,
      push: { emit: (event) => push.account(id, event) },
      userDataDir,
      workerUrl: options.workerUrl,
      after: closed(id),
      settleMs: options.settleMs ?? SETTLE_MS,
      useFts: options.useFts ?? true,
      onBattery: () => options.power.onBattery(),
      settings: () => options.settings.view(),
      onFailpoint: (failpoint) => options.onFailpoint?.(failpoint),
      onCounts: (counts) => options.onCounts?.(id, counts),
    });
  }

  function opened(context: AccountContext, online: boolean): void {
    const { id } = context.account;
    const account = open.get(id) ?? make(context);
    open.set(id, account);
    account.attach(context, online);
  }

  const all = (run: (account: Account) => void) => (): void => open.forEach(run);
  const retryNow = all((account) => account.retryNow());
  const disposers: Disposer[] = [
    signIn.onOpened(opened),
    signIn.onClosed(letGo),
    signIn.onExpired((accountId) => open.get(accountId)?.expired()),
    options.settings.onChanged(all((account) => account.backfill.wake())),
    options.power.onOnline(retryNow),
    options.power.onResume(retryNow),
    watchClock(options.clock, logger, retryNow),
  ];

  async function snapshot(account: Account): Promise<AccountSnapshot> {
    const { id: accountId } = account;
    try {
      const { chats, more, unread, lastChatId } = await account.snapshot();
      return { accountId, connection: account.connectionView, chats, moreChats: more, unread, lastChatId };
    } catch (error) {
      // The page stands up with an empty list rather than not at all; the first send says what is wrong.
      logger.error('accounts.no_snapshot', { reason: error instanceof Error ? error.name : 'unknown' });
      const unread = { messages: 0, chats: 0 };
      return { accountId, connection: account.connectionView, chats: [], moreChats: false, unread, lastChatId: null };
    }
  }

  return {
    get: (accountId) => open.get(accountId) ?? null,
    async command(accountId, work) {
      const account = open.get(accountId);
      if (!account) return fail('not_signed_in', 'the account is not open');
      // Only the page's commands come this way: the person is at work, and what is read in the background waits.
      account.backfill.touched();
      try {
        return await work(account);
      } catch (error) {
        if (error instanceof StoreError) return fail('storage_failed', `the store: ${error.problem}`);
        throw error;
      }
    },
    retryNow,
    snapshots: () => Promise.all([...open.values()].map(snapshot)),
    async close() {
      for (const dispose of disposers.splice(0)) dispose();
      const accounts = [...open.values()];
      open.clear();
      await Promise.all(accounts.map((account) => account.close()));
      await Promise.all(closing.values());
    },
  };
}
