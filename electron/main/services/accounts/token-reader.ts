/**
 * Reads a stored token back, however long it takes: a key store that cannot answer now is asked again, at growing
 * intervals, and one that has not answered at all is left alone. Only `lost` ends it without a token.
 */
import { Emitter } from '../../lib/emitter.ts';
import type { Clock, Logger, SecretRead, SecretStore, Disposer } from '../ports.ts';

/** Milliseconds between two attempts; the last value repeats indefinitely. */
const PAUSES_MS = [2_000, 5_000, 15_000, 60_000];

type Settled = Exclude<SecretRead, { state: 'later' }>;

export class TokenReader {
  /** The result of the first attempt. */
  readonly first: Promise<SecretRead>;
  /** Resolves only with a final result, and never after `stop`. */
  readonly settled: Promise<Settled>;
  readonly #settle: (read: Settled) => void;
  readonly #kept: string;
  readonly #secrets: SecretStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #changed: Emitter<[]>;
  #tries = 0;
  #isStopped = false;
  #nextTryAt: number | null = null;
  #cancelTimer: Disposer = () => undefined;

  constructor(kept: string, parts: { secrets: SecretStore; clock: Clock; logger: Logger }) {
    this.#kept = kept;
    this.#secrets = parts.secrets;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    this.#changed = new Emitter('sign_in.token_reader', parts.logger);
    const { promise, resolve } = Promise.withResolvers<Settled>();
    this.settled = promise;
    this.#settle = resolve;
    this.first = this.#ask();
  }

  /** When the key store is asked again, in milliseconds since the epoch; null while an answer is pending. */
  get nextTryAt(): number | null {
    return this.#nextTryAt;
  }

  /** `nextTryAt` changed. */
  onChange(run: () => void): Disposer {
    return this.#changed.on(run);
  }

  /** Asks at once, unless an answer is pending. */
  nudge(): void {
    if (this.#nextTryAt !== null) void this.#ask();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer();
  }

  async #ask(): Promise<SecretRead> {
    this.#cancelTimer();
    this.#setNextTry(null);
    const read = await this.#secrets.decrypt(this.#kept);
    if (this.#isStopped) return read;
    if (read.state === 'later') this.#askLater();
    else this.#settle(read);
    return read;
  }

  #askLater(): void {
    const pause = PAUSES_MS[Math.min(this.#tries, PAUSES_MS.length - 1)] ?? 0;
    this.#tries += 1;
    this.#logger.info('sign_in.token_later', { tries: this.#tries });
    this.#cancelTimer = this.#clock.after(pause, () => void this.#ask());
    this.#setNextTry(this.#clock.now() + pause);
  }

  #setNextTry(nextTryAt: number | null): void {
    if (this.#nextTryAt === nextTryAt) return;
    this.#nextTryAt = nextTryAt;
    this.#changed.emit();
  }
}
