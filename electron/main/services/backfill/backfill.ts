/**
 * Reads the older past of chats into the store while nobody needs the line, so that a search finds more than what was
 * scrolled through. What is proven in the store is the only memory of it: it goes on wherever the last run ended.
 *
 * `asleep`: no timer, until somebody wakes it. `waiting`: one timer. `reading`: one page is under way, never two; what a
 * person asks for by `further` takes its turn in the same row.
 */
import type { SettingsView } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { leavesUnread } from '../../lib/leaves-unread.ts';
import type { AccountContext, Clock, Logger, Random, Disposer } from '../ports.ts';
import type { OpenEnd, Reach, ReachInput } from '../store/ops/reach-operations.ts';
import type { WriterApi } from '../store/operations.ts';
import type { FillEnd, History } from '../sync/history.ts';
import { backOff, TIMING } from './timing.ts';

/** Bounds of the usual setting: messages of one chat, and bytes of the whole store. */
export const USUAL = { ofAChat: 20_000, bytes: 1024 ** 3 } as const;
/** Of a page that is counted from the newest message: that one stays out, and what may arrive before it at this moment. */
const KEPT_OUT = 1;
/** Pages that one press of "search further" reads. */
export const PAGES_OF_A_STEP = 5;

export interface BackfillOptions {
  store: Pick<WriterApi, 'reach'>;
  history: Pick<History, 'beyond'>;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** The line while the account is live on it; null while nothing may be asked. */
  line: () => AccountContext | null;
  onBattery: () => boolean;
  olderMessages: () => SettingsView['olderMessages'];
}

/** What a search is about, as `Reach` knows it. */
export type FurtherScope = Pick<ReachInput, 'query' | 'chatId'>;

export class Backfill {
  readonly #options: BackfillOptions;
  #timer: Disposer | null = null;
  #isTurning = false;
  #wokenMeanwhile = false;
  #isStopped = false;
  /** The page under way, or the last one. */
  #page: Promise<unknown> = Promise.resolve();
  #tries = 0;
  #touchedAt = Number.NEGATIVE_INFINITY;
  /** Chats that the server did not give, or that did not come any further, in this life of the line. */
  readonly #aside = new Set<string>();
  #spared = 0;

  constructor(options: BackfillOptions) {
    this.#options = options;
  }

  /** The account is live: what failed before may go now. */
  live(): void {
    this.#aside.clear();
    this.#tries = 0;
    this.#plan(TIMING.start);
  }

  /** There may be something to read: a chat was met, the setting changed. */
  wake(): void {
    if (this.#isTurning) this.#wokenMeanwhile = true;
    else if (!this.#timer && this.#options.line()) this.#plan(TIMING.start);
  }

  /** A person does something: the line is theirs for a while. */
  touched(): void {
    this.#touchedAt = this.#options.clock.monotonic();
    // What was left alone for its unread messages may have been read now.
    if (this.#spared > 0) this.wake();
  }

  /** Ends for good. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.();
    this.#timer = null;
  }

  /** How far a search can see. `next` is null also while nothing can be asked of the server. */
  async reach(scope: FurtherScope, ask: (input: ReachInput) => Promise<Reach>): Promise<Reach> {
    const line = this.#options.line();
    const found = await ask(this.#scope(scope, line, null));
    return line ? found : { ...found, next: null };
  }

  /** Reads on for a search, a few pages at once, whatever the setting says: a person asked for it. */
  async further(scope: FurtherScope): Promise<Result<{ added: number; reach: Reach }>> {
    const ask = (input: ReachInput): Promise<Reach> => this.#options.store.reach(input);
    let added = 0;
    for (let pages = 0; pages < PAGES_OF_A_STEP; pages += 1) {
      const line = this.#options.line();
      if (!line) return fail('offline', 'older messages are at the server');
      const { next } = await this.reach(scope, ask);
      if (!next) break;
      const end = await this.#read(line, next);
      if (end.ok) added += end.stored?.added ?? 0;
      else if (!end.gone) return { ok: false, error: end.error };
    }
    return ok({ added, reach: await this.reach(scope, ask) });
  }

  #scope(scope: FurtherScope, line: AccountContext | null, mostOfAChat: number | null): ReachInput {
    return { ...scope, spareUnread: line !== null && !leavesUnread(line), aside: [...this.#aside], mostOfAChat };
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
      // The store could not be asked; it has said why.
      this.#options.logger.warn('backfill.broke', { reason: error instanceof Error ? error.name : 'unknown' });
      wait = this.#backOff();
    }
    this.#isTurning = false;
    if (wait !== null) this.#plan(wait);
    else if (this.#wokenMeanwhile) this.wake();
  }

  /** Reads one page when nothing speaks against it. @returns milliseconds to the next turn; null to sleep. */
  async #turn(): Promise<number | null> {
    const { clock, logger, store } = this.#options;
    const line = this.#options.line();
    const depth = this.#options.olderMessages();
    if (!line || depth === 'off') return null;
    const quietFor = clock.monotonic() - this.#touchedAt;
    if (quietFor < TIMING.quiet) return TIMING.quiet - quietFor;
    if (this.#options.onBattery()) return TIMING.battery;
    const isBounded = depth === 'usual';
    const everything = { query: null, chatId: null };
    const reach = await store.reach(this.#scope(everything, line, isBounded ? USUAL.ofAChat : null));
    this.#spared = reach.spared;
    if (!reach.next || (isBounded && reach.bytes >= USUAL.bytes)) {
      logger.info('backfill.rests', { chats: reach.chats, complete: reach.complete, bytes: reach.bytes });
      return null;
    }
    const end = await this.#read(line, reach.next);
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

  /** Reads one page behind an open end, after the page that is under way. */
  #read(line: AccountContext, next: OpenEnd): Promise<FillEnd> {
    const reading = this.#page.then(async () => {
      const end = await this.#options.history.beyond(line, next.chatId, 'older', next.messageId, KEPT_OUT);
      // A server that answers the same again and again must not be asked again and again.
      const moved = end.ok && (end.starts || (end.stored?.oldest && end.stored.oldest.id !== next.messageId));
      if (!moved && (end.ok || end.gone)) this.#aside.add(next.chatId);
      return end;
    });
    this.#page = reading.catch(() => undefined);
    return reading;
  }
}
