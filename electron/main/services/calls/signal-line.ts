/**
 * The signals of one call. Those of this side are numbered and kept from the latest description on, to be sent again when
 * the socket is back: the server and the other side know a number they have had. Those of the other side wait until the
 * call is accepted, and reach the page once, in order, and never after what replaced them.
 */
import type { CallSignalView } from '#contract/ipc/call-views.ts';
import type { ClientFrame } from '#contract/ws/client-frames.ts';
import type { CallFrame } from '../socket/frame-router.ts';

export type SignalFrame = Extract<CallFrame, { type: 'call:offer' | 'call:answer' | 'call:ice-candidate' }>;

/** Signals that are kept on either side: many times what a connection needs. */
const MOST_KEPT = 200;
/** Numbers of the other side that are remembered. */
const MOST_SEEN = 1_000;

export interface SignalLineOptions {
  /** Sends if the socket is open. */
  send: (frame: ClientFrame) => boolean;
  /** Hands a signal to the page. */
  deliver: (signal: CallSignalView) => void;
}

function frameOf(callId: string, signal: CallSignalView, seq: number): ClientFrame {
  switch (signal.kind) {
    case 'offer':
      return { type: 'call:offer', callId, offer: signal.description, seq };
    case 'answer':
      return { type: 'call:answer', callId, answer: signal.description, seq };
    case 'candidate':
      return { type: 'call:ice-candidate', callId, candidate: signal.candidate, seq };
  }
}

function signalOf(frame: SignalFrame): CallSignalView {
  switch (frame.type) {
    case 'call:offer':
      return { kind: 'offer', description: frame.offer };
    case 'call:answer':
      return { kind: 'answer', description: frame.answer };
    case 'call:ice-candidate':
      return { kind: 'candidate', candidate: frame.candidate };
  }
}

export class SignalLine {
  readonly #options: SignalLineOptions;
  #callId: string | null = null;
  #next = 0;
  /** What the other side may still need. */
  #mine: { signal: CallSignalView; seq: number }[] = [];
  #isOpen = false;
  #waiting: CallSignalView[] = [];
  readonly #seen = new Set<number>();
  #lastDescription = -1;

  constructor(options: SignalLineOptions) {
    this.#options = options;
  }

  /** The server has given the call its id: what was said before is sent now. */
  named(callId: string): void {
    if (this.#callId !== null) return;
    this.#callId = callId;
    this.resend();
  }

  /** The page's next signal. False when there are too many of them. */
  send(signal: CallSignalView): boolean {
    if (signal.kind !== 'candidate') this.#mine = [];
    if (this.#mine.length >= MOST_KEPT) return false;
    const entry = { signal, seq: this.#next++ };
    this.#mine.push(entry);
    this.#write(entry);
    return true;
  }

  /**
   * Sends again what is kept: the socket is open again, or frames were refused.
   * @returns whether there is more behind these.
   */
  resend(from = 0, count = MOST_KEPT): boolean {
    for (const entry of this.#mine.slice(from, from + count)) this.#write(entry);
    return this.#mine.length > from + count;
  }

  /** The call is accepted: the other side's signals go to the page, those that waited first. */
  open(): void {
    this.#isOpen = true;
    for (const signal of this.#waiting.splice(0)) this.#options.deliver(signal);
  }

  /** A signal of the other side, of this very call. */
  receive(frame: SignalFrame): void {
    if (frame.seq !== undefined && !this.#isNew(frame.seq, frame.type !== 'call:ice-candidate')) return;
    const signal = signalOf(frame);
    if (this.#isOpen) this.#options.deliver(signal);
    else if (this.#waiting.length < MOST_KEPT) this.#waiting.push(signal);
  }

  #isNew(seq: number, isDescription: boolean): boolean {
    if (this.#seen.has(seq) || (isDescription && seq < this.#lastDescription)) return false;
    this.#seen.add(seq);
    if (this.#seen.size > MOST_SEEN) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
    if (isDescription) this.#lastDescription = seq;
    return true;
  }

  #write({ signal, seq }: { signal: CallSignalView; seq: number }): void {
    if (this.#callId !== null) this.#options.send(frameOf(this.#callId, signal, seq));
  }
}
