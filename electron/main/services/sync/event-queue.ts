/**
 * Events of the socket in order, from their arrival until they are passed to the store. Bounded in number and in size:
 * a server that sends faster than the store writes, or during a catch-up, cannot exhaust the memory.
 */
import type { StoredFrame } from '../store/ops/event-operations.ts';
import type { EchoGate } from './echo-gate.ts';

/** Maximum number of events that may wait. */
export const MOST_WAITING = 20_000;
/** Maximum number of characters of JSON among the waiting events. As objects they take a few times as many bytes. */
export const MOST_WAITING_CHARS = 8 * 1024 * 1024;

/** What may be applied now. */
export interface Taken {
  frames: StoredFrame[];
  /** The number up to which everything has been applied once these are; null if the server does not number events. */
  seq: number | null;
  /** The number behind a gap: what precedes it has not arrived. Null when there is none. */
  gap: number | null;
}

function seqOf(frame: StoredFrame): number | null {
  return 'seq' in frame && frame.seq !== undefined ? frame.seq : null;
}

export class EventQueue {
  readonly #gate: Pick<EchoGate, 'holds' | 'lowestHeld' | 'clear'>;
  /** Characters of JSON of each waiting event, including those that the gate holds. */
  readonly #sizes = new Map<StoredFrame, number>();
  #queue: StoredFrame[] = [];
  /** What the gate returned: the numbers have moved past it while it waited. */
  #released: StoredFrame[] = [];
  #chars = 0;
  #seq: number | null = null;

  constructor(gate: Pick<EchoGate, 'holds' | 'lowestHeld' | 'clear'>) {
    this.#gate = gate;
  }

  /** Events that can be taken or are behind a gap. */
  get length(): number {
    return this.#queue.length + this.#released.length;
  }

  /** The number up to which everything has been passed on; null if the server does not number events. */
  get seq(): number | null {
    return this.#seq;
  }

  /** Everything up to this number is known from elsewhere. */
  startAfter(seq: number | null): void {
    this.#seq = seq;
  }

  /** Adds an event of `chars` characters of JSON; false when there is no room for it. */
  add(frame: StoredFrame, chars: number): boolean {
    if (this.#sizes.size >= MOST_WAITING || this.#chars + chars > MOST_WAITING_CHARS) return false;
    this.#sizes.set(frame, chars);
    this.#chars += chars;
    this.#queue.push(frame);
    return true;
  }

  /** Events that the gate returns: they go before everything else. */
  putBack(frames: readonly StoredFrame[]): void {
    this.#released.push(...frames.filter((frame) => this.#sizes.has(frame)));
  }

  /** Drops everything that waits, at the gate as well: it will come another way. */
  clear(): void {
    this.#queue = [];
    this.#released = [];
    this.#sizes.clear();
    this.#chars = 0;
    this.#gate.clear();
  }

  /** The next events that may be applied, at most `most` of them, up to a gap in their numbers. */
  take(most: number): Taken {
    const frames = this.#released.splice(0, most);
    for (const frame of frames) this.#forget(frame);
    let done = 0;
    let gap: number | null = null;
    for (const frame of this.#queue) {
      if (frames.length >= most) break;
      const number = this.#seq === null ? null : seqOf(frame);
      if (this.#seq !== null && number !== null) {
        if (number > this.#seq + 1) {
          gap = number;
          break;
        }
        if (number > this.#seq) this.#seq = number;
        else {
          done += 1;
          this.#forget(frame);
          continue;
        }
      }
      done += 1;
      if (this.#gate.holds(frame)) continue;
      this.#forget(frame);
      frames.push(frame);
    }
    this.#queue.splice(0, done);
    // Held events are not applied: the number to remember must be below theirs.
    const held = this.#gate.lowestHeld();
    const seq = this.#seq;
    return { frames, seq: seq === null || held === null ? seq : Math.min(seq, held - 1), gap };
  }

  #forget(frame: StoredFrame): void {
    this.#chars -= this.#sizes.get(frame) ?? 0;
    this.#sizes.delete(frame);
  }
}
