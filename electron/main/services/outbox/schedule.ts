/**
 * When each message of the outbox is next, and for how long it has been tried. Everything here is measured on the
 * monotonic clock: a computer's time may be wrong by days when something is written and right when it is sent. What was
 * tried in earlier runs is in the store, as a duration and not as a time; the time between two runs does not count.
 */
import type { Clock } from '../ports.ts';

interface Entry {
  tries: number;
  /** Milliseconds for which it was tried before this run. */
  before: number;
  metAt: number;
  /** End of the wait after a failed try. */
  waitUntil: number;
  /** Until then a lost request may still arrive. */
  settledAt: number;
}

export class Schedule {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #entries = new Map<string, Entry>();
  #quietUntil = 0;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** A message that is next in its chat; `before` and `settleMs`, in milliseconds, count if it is new here. */
  meet(localId: string, before: number, settleMs: number): void {
    if (this.#entries.has(localId)) return;
    const now = this.#clock.monotonic();
    this.#entries.set(localId, { tries: 0, before, metAt: now, waitUntil: now, settledAt: now + settleMs });
  }

  /** Forgets messages that are no longer next. */
  keepOnly(localIds: ReadonlySet<string>): void {
    for (const localId of this.#entries.keys()) if (!localIds.has(localId)) this.#entries.delete(localId);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Ends waits after failed tries and starts counting again. What the server asked for stays. */
  retryNow(): void {
    const now = this.#clock.monotonic();
    for (const entry of this.#entries.values()) {
      entry.tries = 0;
      entry.waitUntil = now;
    }
  }

  /** Milliseconds until a message may go; 0 for now. */
  waitOf(localId: string): number {
    return this.#left(Math.max(this.#entries.get(localId)?.waitUntil ?? 0, this.#quietUntil));
  }

  /** Milliseconds until an unanswered message can be looked for; 0 for now. */
  settleOf(localId: string): number {
    return Math.max(this.waitOf(localId), this.#left(this.#entries.get(localId)?.settledAt ?? 0));
  }

  /** How long a message has been tried, in milliseconds. */
  triedFor(localId: string): number {
    const entry = this.#entries.get(localId);
    return entry ? entry.before + this.#clock.monotonic() - entry.metAt : 0;
  }

  /** Counts a failed try; returns how many there were since the last fresh start. */
  failed(localId: string): number {
    const entry = this.#entries.get(localId);
    if (!entry) return 1;
    entry.tries += 1;
    return entry.tries;
  }

  wait(localId: string, ms: number): void {
    const entry = this.#entries.get(localId);
    if (entry) entry.waitUntil = this.#clock.monotonic() + ms;
  }

  settle(localId: string, ms: number): void {
    const entry = this.#entries.get(localId);
    if (entry) entry.settledAt = this.#clock.monotonic() + ms;
  }

  /** The server asked for quiet: nothing of this account is sent for `ms` milliseconds, in any chat. */
  quiet(ms: number): void {
    this.#quietUntil = Math.max(this.#quietUntil, this.#clock.monotonic() + ms);
  }

  /** True while the server has asked for quiet. */
  get isQuiet(): boolean {
    return this.#left(this.#quietUntil) > 0;
  }

  #left(at: number): number {
    return Math.max(0, at - this.#clock.monotonic());
  }
}
