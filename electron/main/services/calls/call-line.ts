/** What the calls of all open accounts share: above all the one line. One call rings or runs at a time. */
import type { CallMedia, Disposer } from '../ports.ts';

export interface SharedCalls {
  line: CallLine;
  /** Names this running app among a person's devices: a call stays with it when the socket reconnects. */
  device: string;
  /** Milliseconds in which the server should answer. */
  answerMs: number;
  onMedia(accountId: string, key: string, media: CallMedia): void;
}

export class CallLine {
  #key: string | null = null;

  /** Null when another call has it; otherwise gives it back. */
  take(key: string): Disposer | null {
    if (this.#key !== null) return null;
    this.#key = key;
    return () => {
      if (this.#key === key) this.#key = null;
    };
  }
}
