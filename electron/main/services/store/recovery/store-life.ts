/**
 * The life of an account's threads.
 *
 * `opening`: they are being started, and calls wait. `open`: calls go to them. `waiting`: they could not be started,
 * because the disk is full or the folder cannot be written; calls fail at once with the reason, and the start is
 * retried by itself, however long that takes. From `open` a database that turns out to be damaged leads back to
 * `opening`, where another one replaces it. `closed` is final, from every state.
 */
import type { Clock, Logger, Disposer } from '../../ports.ts';
import { StoreError } from '../../../lib/store-problem.ts';

/** The first pause between two tries, in milliseconds; it doubles with each. */
const FIRST_PAUSE_MS = 1000;
/** The longest pause, in milliseconds. A database that stays sound for this long counts as repaired. */
const LONGEST_PAUSE_MS = 60_000;

export interface StoreLifeOptions<Threads> {
  clock: Clock;
  logger: Logger;
  /** Starts the threads. `quarantine`: the database was found damaged in use and must be replaced. */
  start: (quarantine: boolean) => Promise<Threads>;
  /** Receives the threads that replace those whose database was damaged. */
  onReopened: (threads: Threads) => void;
}

function asStoreError(error: unknown): StoreError {
  return error instanceof StoreError ? error : new StoreError('failed', 'the store cannot be started');
}

export class StoreLife<Threads extends { close(): Promise<void> }> {
  readonly #options: StoreLifeOptions<Threads>;
  readonly #opened = Promise.withResolvers<Threads>();
  #current: Promise<Threads>;
  #isClosed = false;
  /** The database was found damaged, and has not been replaced yet. */
  #isDamaged = false;
  /** Tries in a row that did not lead to a sound database. */
  #tries = 0;
  /** When the database was last replaced, on the monotonic clock. */
  #replacedAt = Number.NEGATIVE_INFINITY;
  #retry: Disposer = () => undefined;

  constructor(options: StoreLifeOptions<Threads>) {
    this.#options = options;
    // Nothing may be waiting: then a rejection must not end the app.
    this.#opened.promise.catch(() => undefined);
    this.#current = this.#enter(this.#open(null));
  }

  /** The threads that calls go to; rejects with a StoreError while there are none. */
  get current(): Promise<Threads> {
    return this.#current;
  }

  /** The first threads, however many tries they take; rejects with a StoreError if the store is closed first. */
  get opened(): Promise<Threads> {
    return this.#opened.promise;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Reports that the database of these threads is damaged. Repeated, or for earlier threads, it changes nothing. */
  damaged(asked: Promise<Threads>, threads: Threads): void {
    if (asked !== this.#current || this.#isClosed) return;
    const { clock, logger } = this.#options;
    logger.error('store.damaged', {});
    this.#isDamaged = true;
    if (clock.monotonic() - this.#replacedAt >= LONGEST_PAUSE_MS) this.#tries = 0;
    this.#current = this.#enter(this.#open(threads));
  }

  /** Ends it, and closes what is open. */
  async close(): Promise<void> {
    const last = this.#current;
    const closed = new StoreError('closed', 'the store');
    this.#isClosed = true;
    this.#retry();
    this.#opened.reject(closed);
    this.#current = this.#enter(Promise.reject(closed));
    const threads = await last.catch(() => null);
    await threads?.close();
  }

  /** Callers receive a failure, and it is logged where it happens. */
  #enter(threads: Promise<Threads>): Promise<Threads> {
    threads.catch(() => undefined);
    return threads;
  }

  async #open(old: Threads | null): Promise<Threads> {
    const { clock, start, onReopened } = this.#options;
    const isReplacing = this.#isDamaged;
    let threads: Threads;
    try {
      if (old) {
        await old.close();
        if (this.#isClosed) throw new StoreError('closed', 'the store');
        // A database that was just replaced is damaged again: replacing it at once might never end, and leaves a file
        // each time.
        if (this.#tries > 0) throw new StoreError('damaged', 'again');
      }
      threads = await start(isReplacing);
    } catch (error) {
      const reason = asStoreError(error);
      this.#failed(reason);
      throw reason;
    }
    this.#isDamaged = false;
    if (isReplacing) {
      this.#tries += 1;
      this.#replacedAt = clock.monotonic();
    }
    if (this.#isClosed) return threads;
    if (isReplacing) onReopened(threads);
    this.#opened.resolve(threads);
    return threads;
  }

  #failed({ problem }: StoreError): void {
    if (this.#isClosed) return;
    const { clock, logger } = this.#options;
    const wait = Math.min(FIRST_PAUSE_MS * 2 ** this.#tries, LONGEST_PAUSE_MS);
    this.#tries += 1;
    logger.error(this.#isDamaged ? 'store.rebuild_failed' : 'store.open_failed', { problem, tries: this.#tries, wait });
    this.#retry = clock.after(wait, () => {
      this.#current = this.#enter(this.#open(null));
    });
  }
}
