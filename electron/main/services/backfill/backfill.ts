/**
 * Reads the older history of chats into the store while the connection is idle, so that a search finds more than what
 * was scrolled through. The intervals proven in the store are its only memory: it continues wherever the last run
 * ended.
 *
 * `asleep`: no timer, until something wakes it. `waiting`: one timer. `reading`: one page is in flight, never two; what
 * the user asks for through `further` takes its turn in the same queue.
 */
import type { SettingsView } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { leavesUnread } from '../../lib/leaves-unread.ts';
import type { AccountContext, Clock, Logger, Random, Disposer } from '../ports.ts';
import type { OpenEnd, Reach, ReachInput } from '../store/ops/reach-operations.ts';
import type { WriterApi } from '../store/operations.ts';
import type { FillEnd, History } from '../sync/history.ts';
import { backOff, TIMING } from './timing.ts';

/** Limits of the usual setting: messages per chat, and bytes of the whole store. */
export const USUAL = { ofAChat: 20_000, bytes: 1024 ** 3 } as const;
/** Newest messages left out of a counted page, so that one that arrives right now is not on it. */
const KEPT_OUT = 1;
/** Pages read by one press of "search further". */
export const PAGES_OF_A_STEP = 5;

export interface BackfillOptions {
  store: Pick<WriterApi, 'reach'>;
  history: Pick<History, 'beyond'>;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** The connection while the account is live on it; null while nothing may be asked. */
  line: () => AccountContext | null;
  onBattery: () => boolean;
  olderMessages: () => SettingsView['olderMessages'];
}

/** What a search is about, as in `ReachInput`. */
export type FurtherScope = Pick<ReachInput, 'query' | 'chatId'>;

export class Backfill {
  readonly #options: BackfillOptions;
  #timer: Disposer | null = null;
  #isTurning = false;
  #wokenMeanwhile = false;
  #isStopped = false;
  /** The page in flight, or the last one. */
  #page: Promise<unknown> = Promise.resolve();
  #tries = 0;
  #touchedAt = Number.NEGATIVE_INFINITY;
  /** Chats that the server did not return, or that made no progress, since the account was last live. */
  readonly #stuckChats = new Set<string>();
  #spared = 0;

  constructor(options: BackfillOptions) {
    this.#options = options;
  }

  /** The account is live: what failed before may succeed now. */
  live(): void {
    this.#stuckChats.clear();
    this.#tries = 0;
    this.#plan(TIMING.start);
  }

  /** There may be something to read: a chat was discovered, or the setting changed. */
  wake(): void {
    if (this.#isTurning) this.#wokenMeanwhile = true;
    else if (!this.#timer && this.#options.line()) this.#plan(TIMING.start);
  }

  /** The user is active: the connection is theirs for a while. */
  touched(): void {
    this.#touchedAt = this.#options.clock.monotonic();
    // What was spared because of its unread messages may have been read now.
    if (this.#spared > 0) this.wake();
  }

  /** Stops permanently. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.();
    this.#timer = null;
  }

  /** How far a search can see. `next` is null also while the server cannot be asked. */
  async reach(scope: FurtherScope, ask: (input: ReachInput) => Promise<Reach>): Promise<Reach> {
    const connection = this.#options.line();
    const found = await ask(this.#scope(scope, connection, null));
    return connection ? found : { ...found, next: null };
  }

  /** Reads further for a search, a few pages at once, whatever the setting: the user asked for it. */
  async further(scope: FurtherScope): Promise<Result<{ added: number; reach: Reach }>> {
    const ask = (input: ReachInput): Promise<Reach> => this.#options.store.reach(input);
    let added = 0;
    for (let pages = 0; pages < PAGES_OF_A_STEP; pages += 1) {
      const connection = this.#options.line();
      if (!connection) return fail('offline', 'older messages are at the server');
      const { next } = await this.reach(scope, ask);
      if (!next) break;
      const end = await this.#read(connection, next);
      if (end.ok) added += end.stored?.added ?? 0;
      else if (!end.gone) return { ok: false, error: end.error };
    }
    return ok({ added, reach: await this.reach(scope, ask) });
  }

  #scope(scope: FurtherScope, connection: AccountContext | null, mostOfAChat: number | null): ReachInput {
    return {
      ...scope,
      spareUnread: connection !== null && !leavesUnread(connection),
      aside: [...this.#stuckChats],
      mostOfAChat,
    };
  }

  #plan(ms: number): void {
    this.#timer?.();
    this.#timer = null;
    if (this.#isStopped) return;
    this.#timer = this.#options.clock.after(ms, () => {
      this.#timer = null;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isTurning = true;
    this.#wokenMeanwhile = false;
    let wait: number | null;
    try {
      wait = await this.#turn();
    } catch (error) {
      // The store could not be asked; it has logged why.
      this.#options.logger.warn('backfill.broke', { reason: error instanceof Error ? error.name : 'unknown' });
      wait = this.#backOff();
    }
    this.#isTurning = false;
    if (wait !== null) this.#plan(wait);
    else if (this.#wokenMeanwhile) this.wake();
  }

  /** Reads one page unless something speaks against it. @returns milliseconds to the next turn; null to sleep. */
  async #turn(): Promise<number | null> {
    const { clock, logger, store } = this.#options;
    const connection = this.#options.line();
    const depth = this.#options.olderMessages();
    if (!connection || depth === 'off') return null;
    const quietFor = clock.monotonic() - this.#touchedAt;
    if (quietFor < TIMING.quiet) return TIMING.quiet - quietFor;
    if (this.#options.onBattery()) return TIMING.battery;
    const isBounded = depth === 'usual';
    const everything = { query: null, chatId: null };
    const reach = await store.reach(this.#scope(everything, connection, isBounded ? USUAL.ofAChat : null));
    this.#spared = reach.spared;
    if (!reach.next || (isBounded && reach.bytes >= USUAL.bytes)) {
      logger.info('backfill.rests', { chats: reach.chats, complete: reach.complete, bytes: reach.bytes });
      return null;
    }
    const end = await this.#read(connection, reach.next);
    if (end.ok || end.gone) {
      this.#tries = 0;
      return TIMING.page;
    }
    return this.#backOff(end.error.retryAfterMs);
  }

  #backOff(askedFor?: number): number {
    this.#tries += 1;
    return backOff(this.#tries, this.#options.random(), askedFor);
  }

  /** Reads one page beyond an open end, after the page in flight. */
  #read(connection: AccountContext, next: OpenEnd): Promise<FillEnd> {
    const reading = this.#page.then(async () => {
      const end = await this.#options.history.beyond(connection, next.chatId, 'older', next.messageId, KEPT_OUT);
      // A server that repeats its answer must not be asked again and again.
      const moved = end.ok && (end.starts || (end.stored?.oldest && end.stored.oldest.id !== next.messageId));
      if (!moved && (end.ok || end.gone)) this.#stuckChats.add(next.chatId);
      return end;
    });
    this.#page = reading.catch(() => undefined);
    return reading;
  }
}
