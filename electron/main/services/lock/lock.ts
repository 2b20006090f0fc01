/**
 * The lock of the application. With a PIN, tokens are sealed under a key that only the PIN can read, so that after a
 * start nothing connects before it was typed. Locked in the middle of a run, connections live on, and the page has
 * nothing: see `behind-lock.ts`.
 *
 * States: off (no PIN), open, locked. A start with a PIN begins locked. Wrong PINs are counted on the disk before they
 * are tried, and from the fifth on each costs a wait. The wait is measured on the monotonic clock and begins anew with
 * the program: neither a restart nor a clock that is set shortens it.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { LockView } from '#contract/ipc/lock-views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { Emitter } from '../../lib/emitter.ts';
import type { Clock, Disposer, JsonDocument, Logger } from '../ports.ts';
import {
  KEY_BYTES,
  type ScryptCost,
  seal,
  unseal,
  unwrapKey,
  USUAL_COST,
  type WrappedKey,
  WrappedKey as WrappedKeySchema,
  wrapKey,
} from './wrapped-key.ts';

/** Wrong PINs that cost nothing. */
const FREE_TRIES = 4;
/** Milliseconds to wait after the fifth wrong PIN in a row, the sixth, and so on; the last one repeats. */
const WAITS_MS = [30_000, 60_000, 300_000, 900_000, 3_600_000];
/** Milliseconds between two looks at who is at the computer. */
const LOOK_MS = 5_000;

const Stored = z.object({
  wrapped: WrappedKeySchema,
  failures: z
    .number()
    .int()
    .min(0)
    .catch(FREE_TRIES + WAITS_MS.length),
  idleMinutes: z.number().int().min(1).max(240).nullable().catch(null),
});

/** Who is at the computer. */
export interface Presence {
  /** Milliseconds since somebody touched it. */
  idleMs(): number;
  /** The system's own lock. */
  onScreenLocked(run: () => void): Disposer;
}

export interface LockOptions {
  document: JsonDocument;
  clock: Clock;
  logger: Logger;
  presence: Presence;
  /** The lock would end a call. */
  inCall: () => boolean;
  cost?: ScryptCost;
}

/** The milliseconds to wait after so many wrong PINs in a row. */
export function waitAfter(failures: number): number {
  if (failures <= FREE_TRIES) return 0;
  return WAITS_MS[Math.min(failures - FREE_TRIES, WAITS_MS.length) - 1] ?? 0;
}

export class Lock {
  readonly #options: LockOptions;
  readonly #changed: Emitter<[LockView]>;
  #wrapped: WrappedKey | null = null;
  #key: Buffer | null = null;
  /** Off is being prepared: what is sealed can be read, and nothing new is sealed. */
  #isEnding = false;
  #failures = 0;
  #idleMinutes: number | null = null;
  #isLocked = false;
  /** The system was locked in a call. */
  #isDue = false;
  /** On the monotonic clock. */
  #waitUntil = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #disposers: Disposer[] = [];

  constructor(options: LockOptions) {
    const { document, clock, logger, presence } = options;
    this.#options = options;
    this.#changed = new Emitter('lock.changed', logger);
    const stored = document.read();
    const parsed = Stored.safeParse(stored);
    if (parsed.success) {
      this.#wrapped = parsed.data.wrapped;
      this.#failures = parsed.data.failures;
      this.#idleMinutes = parsed.data.idleMinutes;
      this.#isLocked = true;
      this.#waitUntil = clock.monotonic() + waitAfter(this.#failures);
    } else if (Object.keys(stored).length > 0) logger.error('lock.not_read');
    this.#disposers.push(
      presence.onScreenLocked(() => this.#lockBySystem()),
      this.#watch(),
    );
  }

  get enabled(): boolean {
    return this.#wrapped !== null;
  }

  get isLocked(): boolean {
    return this.#isLocked;
  }

  view(): LockView {
    const { clock } = this.#options;
    const left = this.#waitUntil - clock.monotonic();
    return {
      enabled: this.enabled,
      locked: this.#isLocked,
      idleMinutes: this.#idleMinutes,
      retryAt: left > 0 ? Math.round(clock.now() + left) : null,
    };
  }

  onChanged(run: (view: LockView) => void): Disposer {
    return this.#changed.on(run);
  }

  /** Seals a token; as it is without a PIN. `locked` while the key is not here. */
  seal(secret: string): Result<string> {
    if (!this.enabled || this.#isEnding) return ok(secret);
    return this.#key ? ok(seal(this.#key, Buffer.from(secret, 'utf8'))) : fail('locked', 'no key');
  }

  /** Opens a sealed token; `locked` while the key is not here, `secret_store_failed` when it is another one's. */
  unseal(sealed: string): Result<string> {
    if (!this.#key) return this.enabled ? fail('locked', 'no key') : fail('secret_store_failed', 'no PIN is set');
    const plain = unseal(this.#key, sealed);
    return plain ? ok(plain.toString('utf8')) : fail('secret_store_failed', 'sealed under another key');
  }

  /** Sets a PIN; `current` is the one that is set now, if there is one. */
  set(pin: string, current: string | null): Promise<Result<LockView>> {
    return this.#inTurn(async () => {
      let key = this.#key;
      if (this.#wrapped) {
        const tried = await this.#try(this.#wrapped, current ?? '');
        if (!tried.ok) return tried;
        key = tried.value;
      }
      key ??= randomBytes(KEY_BYTES);
      const wrapped = await wrapKey(key, pin, this.#options.cost ?? USUAL_COST);
      const [before, minutes] = [this.#wrapped, this.#idleMinutes];
      this.#wrapped = wrapped;
      if (!before) this.#idleMinutes = 15;
      const saved = this.#save();
      if (!saved.ok) {
        [this.#wrapped, this.#idleMinutes] = [before, minutes];
        return saved;
      }
      this.#key = key;
      this.#tell();
      return ok(this.view());
    });
  }

  /** Ends the lock. `unsealAll` stores every token without it, before the key is gone. */
  off(pin: string, unsealAll: () => Promise<void>): Promise<Result<LockView>> {
    return this.#inTurn(async () => {
      if (!this.#wrapped) return ok(this.view());
      const tried = await this.#try(this.#wrapped, pin);
      if (!tried.ok) return tried;
      this.#key = tried.value;
      this.#isEnding = true;
      try {
        await unsealAll();
        return this.#end();
      } finally {
        this.#isEnding = false;
      }
    });
  }

  /** The PIN is forgotten, and what was sealed with it is lost. */
  forget(): Promise<Result<LockView>> {
    return this.#inTurn(async () => this.#end());
  }

  setIdle(minutes: number | null): Result<LockView> {
    if (!this.enabled) return fail('bad_request', 'no PIN is set');
    this.#idleMinutes = minutes;
    const saved = this.#save();
    this.#tell();
    return saved.ok ? ok(this.view()) : saved;
  }

  /** Locks; `bad_request` without a PIN, `call_busy` in a call. */
  lock(): Result<null> {
    if (!this.enabled) return fail('bad_request', 'no PIN is set');
    if (this.#isLocked) return ok(null);
    if (this.#options.inCall()) return fail('call_busy', 'in a call');
    this.#isLocked = true;
    this.#isDue = false;
    this.#key?.fill(0);
    this.#key = null;
    this.#options.logger.info('lock.locked');
    this.#tell();
    return ok(null);
  }

  /** Opens it with the PIN. */
  unlock(pin: string): Promise<Result<null>> {
    return this.#inTurn(async () => {
      if (!this.#isLocked || !this.#wrapped) return ok(null);
      const tried = await this.#try(this.#wrapped, pin);
      if (!tried.ok) return tried;
      this.#key = tried.value;
      this.#isLocked = false;
      this.#options.logger.info('lock.opened');
      this.#tell();
      return ok(null);
    });
  }

  close(): void {
    for (const dispose of this.#disposers.splice(0)) dispose();
    this.#key?.fill(0);
    this.#key = null;
  }

  /** Attempts never overlap: each is counted before it is tried. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(run, run);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #try(wrapped: WrappedKey, pin: string): Promise<Result<Buffer>> {
    const { clock, logger } = this.#options;
    const left = this.#waitUntil - clock.monotonic();
    if (left > 0) return fail('rate_limited', 'too many wrong PINs', { retryAfterMs: Math.ceil(left) });
    this.#failures += 1;
    const counted = this.#save();
    if (!counted.ok) {
      this.#failures -= 1;
      return counted;
    }
    const key = await unwrapKey(wrapped, pin);
    if (key) {
      this.#failures = 0;
      // It was right: that it is not stored costs a wait at the next start at most.
      if (!this.#save().ok) logger.warn('lock.not_saved');
      return ok(key);
    }
    const wait = waitAfter(this.#failures);
    this.#waitUntil = clock.monotonic() + wait;
    logger.warn('lock.wrong_pin', { failures: this.#failures });
    this.#tell();
    return fail('wrong_pin', 'wrong', wait > 0 ? { retryAfterMs: wait } : {});
  }

  #end(): Result<LockView> {
    const saved = this.#options.document.write({});
    if (!saved.ok) return saved;
    this.#wrapped = null;
    this.#key?.fill(0);
    this.#key = null;
    this.#failures = 0;
    this.#waitUntil = 0;
    this.#idleMinutes = null;
    this.#isLocked = false;
    this.#tell();
    return ok(this.view());
  }

  #save(): Result<null> {
    return this.#options.document.write({
      wrapped: this.#wrapped,
      failures: this.#failures,
      idleMinutes: this.#idleMinutes,
    });
  }

  /** In a call it waits for the end of the call. */
  #lockBySystem(): void {
    if (this.enabled && !this.#isLocked) this.#isDue = !this.lock().ok;
  }

  #watch(): Disposer {
    const { clock, presence } = this.#options;
    let cancel: Disposer = () => undefined;
    const look = (): void => {
      const minutes = this.#idleMinutes;
      const isIdle = minutes !== null && presence.idleMs() >= minutes * 60_000;
      if (this.enabled && !this.#isLocked && (isIdle || this.#isDue)) this.lock();
      cancel = clock.after(LOOK_MS, look);
    };
    cancel = clock.after(LOOK_MS, look);
    return () => cancel();
  }

  #tell(): void {
    this.#changed.emit(this.view());
  }
}
