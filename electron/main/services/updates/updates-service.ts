/**
 * Keeps the program up to date without being noticed: looks for a newer version now and then, fetches it, and has it
 * installed when the user quits. A call is never disturbed: nothing begins in one, and what runs is given up when one
 * begins.
 */
import type { UpdateView } from '#contract/ipc/update-views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { errorName } from '../../lib/emitter.ts';
import type { Clock, Disposer, JsonDocument, Logger, Random, UpdateOutcome, UpdateSource } from '../ports.ts';
import { mayReplace } from '../../lib/version.ts';
import { readOffer } from './offer.ts';
import {
  decideCheck,
  firstCheckMs,
  LONGEST_CHECK_MS,
  LONGEST_DOWNLOAD_MS,
  nextCheckMs,
  PUT_OFF_MS,
} from './update-policy.ts';
import { afterUpdateEvent, NO_UPDATE, type UpdateEvent } from './update-state.ts';

export interface UpdatesOptions {
  clock: Clock;
  random: Random;
  logger: Logger;
  source: UpdateSource;
  /** Which version was to be installed at the last quit. */
  memory: JsonDocument;
  /** Version of the running program. */
  current: string;
  settings: { view(): { autoUpdate: boolean } };
  onBattery(): boolean;
  inCall(): boolean;
  /** The state changed. */
  changed(view: UpdateView): void;
}

export class UpdatesService {
  readonly #options: UpdatesOptions;
  #state: UpdateView = NO_UPDATE;
  #off: Promise<void> | null = null;
  /** The round that runs. */
  #round: AbortController | null = null;
  /** The user asked for the round that was put off. */
  #owed = false;
  #cancelTimer: Disposer | null = null;
  #restarting = false;
  #mayInstall = true;
  #closed = false;

  constructor(options: UpdatesOptions) {
    this.#options = options;
    this.#lookBack();
  }

  /** Begins to look for updates, some minutes from now. */
  start(): void {
    this.#schedule(firstCheckMs(this.#options.random()));
  }

  async view(): Promise<UpdateView> {
    await this.#findWhetherOff();
    return this.#state;
  }

  async read(): Promise<Result<UpdateView>> {
    return ok(await this.view());
  }

  /** Begins a round now. The answer is its beginning; the rest is told as it comes. */
  async check(): Promise<Result<UpdateView>> {
    await this.#findWhetherOff();
    const { phase } = this.#state;
    if (phase !== 'idle' && phase !== 'failed') return ok(this.#state);
    if (this.#options.inCall()) return fail('call_busy', 'no update in a call');
    void this.#run(true);
    return ok(this.#state);
  }

  /** Quits, installs what is ready and starts again. */
  async restart(): Promise<Result<null>> {
    if (this.#state.phase !== 'ready') return fail('bad_request', 'no update is ready');
    if (this.#options.inCall()) return fail('call_busy', 'no restart in a call');
    this.#restarting = true;
    this.#options.source.quit();
    return ok(null);
  }

  /** A call began, changed or ended: it has the line to itself. */
  callChanged(inCall: boolean): void {
    if (inCall) this.#round?.abort();
  }

  /** Ends everything but what `install` needs. Call it before calls are ended: the program is not replaced in one. */
  close(): void {
    this.#mayInstall = !this.#options.inCall();
    this.#closed = true;
    this.#cancelTimer?.();
    this.#round?.abort();
  }

  /** Installs what is ready. The last step of a quit: everything is written. */
  install(): void {
    const { source, memory, clock, logger } = this.#options;
    if (this.#state.phase !== 'ready' || !this.#mayInstall) return;
    logger.info('update.install', { version: this.#state.version, restart: this.#restarting });
    memory.write({ version: this.#state.version, at: clock.now() });
    try {
      source.install(this.#restarting);
    } catch (error) {
      logger.error('update.not_installed', { error: errorName(error) });
    }
  }

  /** What was to be installed at the last quit, and is not what runs now, has failed without a word. */
  #lookBack(): void {
    const { memory, current, logger } = this.#options;
    const { version, at } = memory.read();
    if (typeof version !== 'string' || typeof at !== 'number') return;
    memory.write({});
    if (mayReplace(current, version) !== 'newer') return;
    logger.warn('update.not_installed', { version });
    this.#state = { phase: 'failed', why: 'not_installed', at };
  }

  #findWhetherOff(): Promise<void> {
    this.#off ??= this.#options.source.off().then(
      (why) => {
        if (why !== null) this.#take({ kind: 'off', why });
      },
      (error: unknown) => {
        this.#options.logger.error('update.unknown', { error: errorName(error) });
        this.#take({ kind: 'off', why: 'broken_feed' });
      },
    );
    return this.#off;
  }

  #take(event: UpdateEvent): void {
    const next = afterUpdateEvent(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    if (event.kind !== 'progress') {
      this.#options.logger.info('update.state', { phase: next.phase, ...('why' in next && { why: next.why }) });
    }
    if (!this.#closed) this.#options.changed(next);
  }

  #schedule(ms: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const { phase } = this.#state;
    if (this.#closed || phase === 'off' || phase === 'ready') return;
    this.#cancelTimer = this.#options.clock.after(ms, () => void this.#due());
  }

  async #due(): Promise<void> {
    const options = this.#options;
    await this.#findWhetherOff();
    const decision = decideCheck({
      asked: this.#owed,
      automatic: options.settings.view().autoUpdate,
      inCall: options.inCall(),
      onBattery: options.onBattery(),
    });
    if (decision === 'begin') await this.#run(this.#owed);
    else this.#schedule(decision === 'later' ? PUT_OFF_MS : nextCheckMs(options.random()));
  }

  /** One round, from the question to a file that waits for the quit. Never throws. */
  async #run(asked: boolean): Promise<void> {
    if (this.#closed || this.#round || this.#state.phase === 'off' || this.#state.phase === 'ready') return;
    const round = new AbortController();
    this.#round = round;
    this.#owed = false;
    this.#take({ kind: 'check' });
    const { random, clock } = this.#options;
    const problem = await this.#fetch(round);
    if (this.#round === round) this.#round = null;
    if (problem === 'put_off') {
      this.#owed = asked;
      this.#take({ kind: 'put_off' });
      this.#schedule(PUT_OFF_MS);
      return;
    }
    if (problem !== null) this.#take({ kind: 'failed', why: problem, at: clock.now() });
    this.#schedule(nextCheckMs(random()));
  }

  /** Null if the round came to a good end. */
  async #fetch({
    signal,
  }: AbortController): Promise<Extract<UpdateEvent, { kind: 'failed' }>['why'] | 'put_off' | null> {
    const { source, current, clock } = this.#options;
    const checked = await this.#within(LONGEST_CHECK_MS, signal, (limited) => source.check(limited));
    if (signal.aborted) return 'put_off';
    if (!checked.ok) return checked.problem;
    const { feed, offered } = checked.value;
    const offer = readOffer(feed, current);
    if (offer.kind === 'refused') return offer.problem;
    if (offer.kind === 'current' || !offered) {
      this.#take({ kind: 'current', at: clock.now() });
      return null;
    }
    this.#take({ kind: 'found', version: offer.version });
    const heard = (bytes: number, total: number): void => {
      if (!signal.aborted) this.#take({ kind: 'progress', bytes, total });
    };
    const fetched = await this.#within(LONGEST_DOWNLOAD_MS, signal, (limited) => source.download(heard, limited));
    if (signal.aborted) return 'put_off';
    if (!fetched.ok) return fetched.problem;
    this.#take({ kind: 'downloaded' });
    return null;
  }

  /** Ends after `ms` milliseconds or when the round is given up, also if the work does not. */
  async #within<T>(
    ms: number,
    round: AbortSignal,
    work: (signal: AbortSignal) => Promise<UpdateOutcome<T>>,
  ): Promise<UpdateOutcome<T>> {
    const limit = new AbortController();
    const signal = AbortSignal.any([round, limit.signal]);
    const cancel = this.#options.clock.after(ms, () => limit.abort());
    const given = Promise.withResolvers<UpdateOutcome<T>>();
    signal.addEventListener('abort', () => given.resolve({ ok: false, problem: 'no_answer' }));
    try {
      return await Promise.race([given.promise, work(signal)]);
    } catch (error) {
      this.#options.logger.error('update.failed', { error: errorName(error) });
      return { ok: false, problem: 'failed' };
    } finally {
      cancel();
    }
  }
}
