/**
 * The open accounts by id: several at once, each with its own store, outbox and connection. It follows sign-in and
 * knows nothing about tokens.
 */
import type { AccountSnapshot, SettingsView } from '#contract/ipc/views.ts';
import { fail, type Result } from '#contract/model/errors.ts';
import type { AccountContext, Clock, Logger, PowerEvents, PushSink, Random, SignInEvents, Disposer } from '../ports.ts';
import type { SharedCalls } from '../calls/call-line.ts';
import type { SharedFiles } from '../files/account-files.ts';
import { forgetAccount } from '../store/account-store.ts';
import { StoreError, writeProblem } from '../../lib/store-problem.ts';
import { watchClock } from '../sync/clock-watch.ts';
import { Account } from './account.ts';
import type { Failpoint } from './account-options.ts';

export interface AccountsOptions {
  signIn: SignInEvents;
  push: PushSink;
  clock: Clock;
  random: Random;
  logger: Logger;
  power: PowerEvents;
  files: SharedFiles;
  calls: SharedCalls;
  /** The application's folder; each account has its own below it. */
  userDataDir: string;
  /** Script of the store's thread: `store/worker.ts` in development, its bundle in the product. */
  workerUrl: URL;
  settings: { view(): SettingsView; onChanged(run: (view: SettingsView) => void): Disposer };
  /** The system's language; English if it is not named. */
  systemLocale?: string;
  /** Milliseconds after which a lost request can no longer arrive, on servers without idempotency. */
  settleMs?: number;
  /** False: as if SQLite had no FTS5. */
  useFts?: boolean;
  /** Called at failpoints; tests end the program at one of them. */
  onFailpoint?: (failpoint: Failpoint) => void;
  /** Receives each chat's unread count when an account opens or its store was rebuilt. */
  onCounts?: (accountId: string, counts: [chatId: string, unread: number][]) => void;
}

export interface Accounts {
  /** Null when it is not open. */
  get(accountId: string): Account | null;
  /** The account that a tag stands for in the addresses of media; null when it is not open. */
  tagged(tag: string): Account | null;
  /**
   * Runs a command of the page on an open account. `not_signed_in` if it is not open, `disk_full` or
   * `storage_failed` if its store fails.
   */
  command<T>(accountId: string, work: (account: Account) => Promise<Result<T>>): Promise<Result<T>>;
  /** The page is gone, or has come back. */
  page(isThere: boolean): void;
  /** Retry now for all connections and queued messages, as after a sleep. */
  retryNow(): void;
  /**
   * What a page needs to show each account. Take the push number before calling: events after it are applied again,
   * harmlessly.
   */
  snapshots(): Promise<AccountSnapshot[]>;
  /** Disconnects from the servers, finishes pending writes, closes the databases. */
  close(): Promise<void>;
}

const SETTLE_MS = 20_000;

/** Starts to follow sign-in. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { signIn, push, logger, userDataDir } = options;
  const open = new Map<string, Account>();
  /** Accounts that are still closing, by id: their files are not opened again before. */
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

  function closeAccount(accountId: string, forget: boolean): void {
    const account = open.get(accountId);
    open.delete(accountId);
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
      files: options.files,
      calls: options.calls,
      settings: () => options.settings.view(),
      systemLocale: options.systemLocale ?? 'en',
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
    signIn.onClosed(closeAccount),
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
      const { connectionView: connection } = account;
      return { accountId, connection, chats, moreChats: more, unread, lastChatId, call: account.calls.view };
    } catch (error) {
      // Better a page with an empty list than no page; the first send reports what is wrong.
      logger.error('accounts.no_snapshot', { reason: error instanceof Error ? error.name : 'unknown' });
      const unread = { messages: 0, chats: 0 };
      const { connectionView: connection } = account;
      const call = account.calls.view;
      return { accountId, connection, chats: [], moreChats: false, unread, lastChatId: null, call };
    }
  }

  return {
    get: (accountId) => open.get(accountId) ?? null,
    tagged: (tag) => [...open.values()].find((account) => account.tag === tag) ?? null,
    async command(accountId, work) {
      const account = open.get(accountId);
      if (!account) return fail('not_signed_in', 'the account is not open');
      // Only the page's commands come this way: the user is active, so background reading waits.
      account.backfill.touched();
      try {
        return await work(account);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        return fail(writeProblem(error), `the store: ${error.problem}`);
      }
    },
    page: (isThere) => all(({ calls }) => (isThere ? calls.pageBack() : calls.pageGone()))(),
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
