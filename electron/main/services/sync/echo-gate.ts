/**
 * The echo race: the server's event for our own message may arrive before the answer to the request that sent it. An
 * echo with our key is merged by it; one without a key waits for the answer, and so does everything later in its chat,
 * to keep the order.
 */
import type { Clock, Disposer } from '../ports.ts';
import type { StoredFrame } from '../store/ops/event-operations.ts';

/** The longest that an echo waits, in milliseconds. */
export const ECHO_WAITS_MS = 2_000;

export interface EchoGateOptions {
  clock: Clock;
  me: string;
  inFlight: (chatId: string) => Promise<void> | null;
  /** Returns held frames, in order, before everything that came after. */
  release: (frames: StoredFrame[]) => void;
}

interface Held {
  frames: StoredFrame[];
  end: Disposer;
}

function chatOf(frame: StoredFrame): string | null {
  return 'chatId' in frame.data ? frame.data.chatId : null;
}

export class EchoGate {
  readonly #options: EchoGateOptions;
  readonly #held = new Map<string, Held>();
  /** Frames that have waited once do not wait again. */
  readonly #released = new WeakSet<StoredFrame>();

  constructor(options: EchoGateOptions) {
    this.#options = options;
  }

  /** True when the frame must wait; it is kept then, and returned through `release`. */
  holds(frame: StoredFrame): boolean {
    const chatId = chatOf(frame);
    if (chatId === null || this.#released.has(frame)) return false;
    const held = this.#held.get(chatId);
    if (held) {
      held.frames.push(frame);
      return true;
    }
    if (frame.type !== 'message:new' || frame.data.clientId) return false;
    if ((frame.data.sender?.id ?? frame.data.senderId) !== this.#options.me) return false;
    const request = this.#options.inFlight(chatId);
    if (!request) return false;
    const open = (): void => this.#open(chatId);
    this.#held.set(chatId, { frames: [frame], end: this.#options.clock.after(ECHO_WAITS_MS, open) });
    void request.then(open);
    return true;
  }

  /** The lowest number among the waiting frames, or null. */
  lowestHeld(): number | null {
    let lowest: number | null = null;
    for (const { frames } of this.#held.values()) {
      for (const frame of frames) {
        if ('seq' in frame && frame.seq !== undefined && (lowest === null || frame.seq < lowest)) lowest = frame.seq;
      }
    }
    return lowest;
  }

  /** Drops what waits: the history will include it. */
  clear(): void {
    for (const { end } of this.#held.values()) end();
    this.#held.clear();
  }

  #open(chatId: string): void {
    const held = this.#held.get(chatId);
    if (!held) return;
    held.end();
    this.#held.delete(chatId);
    for (const frame of held.frames) this.#released.add(frame);
    this.#options.release(held.frames);
  }
}
