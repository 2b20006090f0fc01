/**
 * Events of the socket in their order, from their coming until they have been handed to the store. It is bounded in number
 * and in size: a server that speaks faster than the store writes, or while everything is read, fills no memory.
 */
import type { StoredFrame } from '../store/ops/event-operations.ts';
import type { EchoGate } from './echo-gate.ts';

/** Events that wait at most. */
export const MOST_WAITING = 20_000;
/** Characters of JSON that the waiting events came in, at most. As objects they take a few times as many bytes. */
export const MOST_WAITING_CHARS = 8 * 1024 * 1024;

/** What may be applied now. */
export interface Taken {
  frames: StoredFrame[];
  /** The number up to which everything has been applied once these are; null where the server does not count. */
  seq: number | null;
  /** The number behind a gap: what stands before it has not come. Null when there is none. */
  gap: number | null;
}

function seqOf(frame: StoredFrame): number | null {
  return 'seq' in frame && frame.seq !== undefined ? frame.seq : null;
}

export class EventQueue {
  readonly #gate: Pick<EchoGate, 'holds' | 'lowestHeld' | 'clear'>;
  /** What each waiting event came in, those that the gate holds included. */
  readonly #sizes = new Map<StoredFrame, number>();
  #queue: StoredFrame[] = [];
  /** What the gate gave back: its numbers have been passed while it waited. */
  #back: StoredFrame[] = [];
  #chars = 0;
  #seq: number | null = null;

  constructor(gate: Pick<EchoGate, 'holds' | 'lowestHeld' | 'clear'>) {
    this.#gate = gate;
  }

  /** Events that can be taken or stand behind a gap. */
  get length(): number {
    return this.#queue.length + this.#back.length;
  }

  /** The number up to which everything has been handed over; null where the server does not count. */
  get seq(): number | null {
    return this.#seq;
  }

  /** Everything up to this number is known from elsewhere. */
  startAfter(seq: number | null): void {
    this.#seq = seq;
  }

  /** Adds an event that came in so many characters; false when there is no room for it. */
  add(frame: StoredFrame, chars: number): boolean {
    if (this.#sizes.size >= MOST_WAITING || this.#chars + chars > MOST_WAITING_CHARS) return false;
    this.#sizes.set(frame, chars);
    this.#chars += chars;
    this.#queue.push(frame);
    return true;
  }

  /** Events that the gate gives back: they stand before everything else. */
  putBack(frames: readonly StoredFrame[]): void {
    this.#back.push(...frames.filter((frame) => this.#sizes.has(frame)));
  }

  /** Forgets everything that waits, also at the gate: something else will tell of it. */
  clear(): void {
    this.#queue = [];
    this.#back = [];
    this.#sizes.clear();
    this.#chars = 0;
    this.#gate.clear();
  }

  /** The next events that may be applied, `most` of them, up to a gap in their numbers. */
  take(most: number): Taken {
    const frames = this.#back.splice(0, most);
    for (const frame of frames) this.#leave(frame);
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
          this.#leave(frame);
          continue;
        }
      }
      done += 1;
      if (this.#gate.holds(frame)) continue;
      this.#leave(frame);
      frames.push(frame);
    }
    this.#queue.splice(0, done);
    // What is held back is not applied: the number that is remembered must stand before it.
    const held = this.#gate.lowestHeld();
    const seq = this.#seq;
    return { frames, seq: seq === null || held === null ? seq : Math.min(seq, held - 1), gap };
  }

  #leave(frame: StoredFrame): void {
    this.#chars -= this.#sizes.get(frame) ?? 0;
    this.#sizes.delete(frame);
  }
}
