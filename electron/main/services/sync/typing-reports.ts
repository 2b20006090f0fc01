/** Reports to others that the user is typing, rarely, and only if the user wants that. */
import type { ClientFrame } from '#contract/ws/client-frames.ts';
import type { Clock } from '../ports.ts';

/** Milliseconds after which a chat receives another report. */
const AGAIN_MS = 3_000;

export interface TypingReportsOptions {
  clock: Pick<Clock, 'monotonic'>;
  /** Whether the user wants others to see them typing. Asked each time. */
  isWanted: () => boolean;
  /** Sends if there is a connection; false if there is none. */
  send: (frame: ClientFrame) => boolean;
}

export class TypingReports {
  readonly #options: TypingReportsOptions;
  /** When typing was last reported in each chat, on the monotonic clock. */
  readonly #reported = new Map<string, number>();

  constructor(options: TypingReportsOptions) {
    this.#options = options;
  }

  /** The user is typing in a chat, or has stopped. A stop is sent only after a start was. */
  set(chatId: string, typing: boolean): void {
    const { clock, isWanted, send } = this.#options;
    const last = this.#reported.get(chatId);
    if (!typing) {
      if (last !== undefined) send({ type: 'typing:stop', data: { chatId } });
      this.#reported.delete(chatId);
      return;
    }
    const now = clock.monotonic();
    if (!isWanted() || (last !== undefined && now - last < AGAIN_MS)) return;
    // A report that could not be sent is no loss: the next key press sends it.
    if (send({ type: 'typing:start', data: { chatId } })) this.#reported.set(chatId, now);
  }
}
