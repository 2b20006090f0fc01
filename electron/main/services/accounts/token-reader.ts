/**
 * Reads a kept token back, for as long as it takes: a key store that cannot answer now is asked again, ever more slowly,
 * and one that has not answered at all is left alone. Only "lost" is an end without a token.
 */
import { Emitter } from '../../lib/emitter.ts';
import type { Clock, Logger, SecretRead, SecretStore, Disposer } from '../ports.ts';

/** Milliseconds between two tries; the last one goes on for good. */
const PAUSES_MS = [2_000, 5_000, 15_000, 60_000];

type Settled = Exclude<SecretRead, { state: 'later' }>;

export class TokenReader {
  /** What came of the first try. */
  readonly first: Promise<SecretRead>;
  /** Comes only with an end, and never after `stop`. */
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

  /** When the key store is asked again, in milliseconds since the epoch; null while it has not answered. */
  get nextTryAt(): number | null {
    return this.#nextTryAt;
  }

  /** `nextTryAt` changed. */
  onChange(run: () => void): Disposer {
    return this.#changed.on(run);
  }

  /** Asks at once, unless it is being asked already. */
  nudge(): void {
    if (this.#nextTryAt !== null) void this.#ask();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer();
  }

  async #ask(): Promise<SecretRead> {
    this.#cancelTimer();
    this.#become(null);
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
    this.#become(this.#clock.now() + pause);
  }

  #become(nextTryAt: number | null): void {
    if (this.#nextTryAt === nextTryAt) return;
    this.#nextTryAt = nextTryAt;
    this.#changed.emit();
  }
}
