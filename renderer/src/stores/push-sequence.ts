/**
 * Decides which pushed events the page may apply.
 *
 * The page is `waiting` until it has a snapshot: batches are kept. A snapshot that includes everything up to `seq`
 * makes it `live`: kept events past `seq` are released, and later batches follow without a gap. A batch that leaves a
 * gap returns the page to `waiting` and requires a new snapshot; batches received in the meantime are kept again.
 * Events already included in the snapshot are dropped, so none is applied twice.
 */
import type { PushBatch, PushEvent } from '#contract/ipc/push.ts';

/** Limits kept events, so that a snapshot that never arrives cannot exhaust the memory. */
const MAX_KEPT_EVENTS = 10_000;

export interface Verdict {
  /** Events to apply now, in order. */
  events: PushEvent[];
  /** True when a snapshot must be requested. */
  needSnapshot: boolean;
}

export class PushSequence {
  #seq: number | null = null;
  #kept: PushBatch[] = [];
  #keptEvents = 0;

  /** True once a snapshot was taken and no gap has been seen since. */
  get live(): boolean {
    return this.#seq !== null;
  }

  /** Takes a received batch. */
  batch(batch: PushBatch): Verdict {
    if (this.#seq === null) {
      this.#keep(batch);
      return { events: [], needSnapshot: false };
    }
    const first = batch.seq - batch.events.length + 1;
    if (batch.seq <= this.#seq) return { events: [], needSnapshot: false };
    if (first > this.#seq + 1) {
      this.#seq = null;
      this.#keep(batch);
      return { events: [], needSnapshot: true };
    }
    const events = batch.events.slice(this.#seq + 1 - first);
    this.#seq = batch.seq;
    return { events, needSnapshot: false };
  }

  /** Takes the number of a snapshot, and returns the kept events past it. */
  snapshot(seq: number): Verdict {
    this.#seq = seq;
    const kept = this.#kept.toSorted((a, b) => a.seq - b.seq);
    this.#kept = [];
    this.#keptEvents = 0;
    const events: PushEvent[] = [];
    for (const [index, batch] of kept.entries()) {
      const verdict = this.batch(batch);
      events.push(...verdict.events);
      if (verdict.needSnapshot) {
        for (const rest of kept.slice(index + 1)) this.#keep(rest);
        return { events, needSnapshot: true };
      }
    }
    return { events, needSnapshot: false };
  }

  #keep(batch: PushBatch): void {
    this.#kept.push(batch);
    this.#keptEvents += batch.events.length;
    while (this.#keptEvents > MAX_KEPT_EVENTS) {
      const oldest = this.#kept.shift();
      if (!oldest) return;
      this.#keptEvents -= oldest.events.length;
    }
  }
}
