/**
 * One account's store: a writing thread for everything that must be consistent, a reading one for searches, and the
 * recovery from a damaged database: quarantine it, create a new one, repeat the call. What cannot be opened or
 * recreated now is retried until it can (see recovery/store-life.ts).
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger } from '../ports.ts';
import { StoreError } from '../../lib/store-problem.ts';
import type { ReaderApi, ReaderOperations, WriterApi, WriterOperations } from './operations.ts';
import type { StoreOpened } from './protocol.ts';
import { StoreLife } from './recovery/store-life.ts';
import { startStoreThread, type StoreThread } from './store-client.ts';

export interface AccountStoreOptions {
  userDataDir: string;
  /** Server and user together. */
  account: string;
  /** The user's id. */
  me: string;
  workerUrl: URL;
  clock: Clock;
  logger: Logger;
  /** Called when a database was quarantined while it was open. */
  onRebuilt: (opened: StoreOpened) => void;
  useFts?: boolean;
  /** Resolves when an earlier instance on the same files has closed. */
  after?: Promise<unknown>;
}

/** The store of one account. */
export interface AccountStore {
  /** Operations of the writing thread; they wait until it is open. They throw only StoreError. */
  readonly writer: WriterApi;
  /** Operations of the reading thread. */
  readonly reader: ReaderApi;
  /**
   * What happened at opening. While the disk does not allow it, waits for the attempt that succeeds; rejects with a
   * StoreError if the store is closed first.
   */
  readonly opened: Promise<StoreOpened>;
  close(): Promise<void>;
}

/** The folder of an account's files. The name does not reveal the account, and fits every file system. */
export function accountFolder(userDataDir: string, account: string): string {
  return join(userDataDir, 'accounts', createHash('sha256').update(account).digest('hex').slice(0, 32));
}

/** Deletes everything stored for an account. It must be closed. */
export async function forgetAccount(userDataDir: string, account: string): Promise<void> {
  await rm(accountFolder(userDataDir, account), { recursive: true, force: true, maxRetries: 3 });
}

interface Threads {
  writer: StoreThread<WriterOperations>;
  /** Started by the first search: at the app's start it would only take time from what is shown first. */
  reader(): Promise<StoreThread<ReaderOperations>>;
  close(): Promise<void>;
}

/** Starts to open an account's store; calls may be made at once. */
export function openAccountStore(options: AccountStoreOptions): AccountStore {
  const { clock, logger } = options;
  const start = async (quarantine: boolean): Promise<Threads> => {
    await options.after;
    const setup = {
      folder: accountFolder(options.userDataDir, options.account),
      account: options.account,
      me: options.me,
      useFts: options.useFts ?? true,
      now: clock.now(),
    };
    const writer = await startStoreThread<WriterOperations>(
      options.workerUrl,
      { ...setup, role: 'writer', quarantine },
      logger,
    );
    let reader: Promise<StoreThread<ReaderOperations>> | null = null;
    let isClosed = false;
    return {
      writer,
      reader() {
        if (isClosed) return Promise.reject(new StoreError('closed', 'the reading thread'));
        reader ??= startStoreThread<ReaderOperations>(
          options.workerUrl,
          { ...setup, role: 'reader', quarantine: false },
          logger,
        ).catch((error: unknown) => {
          // The next search tries again.
          reader = null;
          throw error;
        });
        return reader;
      },
      async close() {
        isClosed = true;
        const running = await reader?.catch(() => null);
        await Promise.all([writer.close(), running?.close()]);
      },
    };
  };

  const life = new StoreLife<Threads>({
    clock,
    logger,
    start,
    onReopened: (threads) => options.onRebuilt(threads.writer.opened),
  });

  /**
   * Runs a call; one that meets a damaged database is repeated on the new one, and so are those that were queued behind
   * it and ended with the old thread.
   */
  const run = async (call: (threads: Threads) => Promise<unknown>): Promise<unknown> => {
    const asked = life.current;
    const threads = await asked;
    try {
      return await call(threads);
    } catch (error) {
      if (!(error instanceof StoreError) || life.isClosed) throw error;
      if (error.problem === 'damaged') life.damaged(asked, threads);
      if (asked === life.current) throw error;
      return call(await life.current);
    }
  };

  type Calls = Record<string, ((input: unknown) => Promise<unknown>) | undefined>;
  const remote = <T extends object>(pick: (threads: Threads) => Promise<T> | T): T =>
    new Proxy({} as T, {
      get: (_target, name) => {
        if (typeof name !== 'string' || name === 'then') return undefined;
        return (input: unknown) =>
          run(async (threads) => {
            const operation = ((await pick(threads)) as Calls)[name];
            if (!operation) throw new StoreError('failed', name);
            return operation(input);
          });
      },
    });

  const opened = life.opened.then((threads) => threads.writer.opened);
  // Nothing may be waiting: then a rejection must not end the app.
  opened.catch(() => undefined);

  return {
    writer: remote((threads) => threads.writer.api),
    reader: remote(async (threads) => (await threads.reader()).api),
    opened,
    close: () => life.close(),
  };
}
