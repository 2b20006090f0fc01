/** Tells the others that this person types, seldom, and only where the person wants that. */
import type { ClientFrame } from '#contract/ws/client-frames.ts';
import type { Clock } from '../ports.ts';

/** One chat hears of it again after so long. */
const AGAIN_MS = 3_000;

export interface TypingReportsOptions {
  clock: Pick<Clock, 'monotonic'>;
  /** Whether the person wants others to see that they type. Asked each time. */
  isWanted: () => boolean;
  /** Sends when there is a connection; false when there is none. */
  send: (frame: ClientFrame) => boolean;
}

export class TypingReports {
  readonly #options: TypingReportsOptions;
  /** When each chat was last told, on the monotonic clock. */
  readonly #reported = new Map<string, number>();

  constructor(options: TypingReportsOptions) {
    this.#options = options;
  }

  /** The person types in a chat, or has stopped. A stop is sent only after a start was. */
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
    // One that could not be sent is no loss: the next key press sends it.
    if (send({ type: 'typing:start', data: { chatId } })) this.#reported.set(chatId, now);
  }
}
