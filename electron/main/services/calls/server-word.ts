/**
 * What the server is told about calls that are over here: until it has heard it, since a call that nobody ends there makes
 * its people busy. Tried again after a while, and as soon as the socket is open.
 */
import type { ApiOutcome, Clock, Disposer, Logger, RelayApi } from '../ports.ts';

type Word = { route: 'endCall' } | { route: 'rejectCall'; busy: boolean };

export interface ServerWordOptions {
  clock: Clock;
  logger: Logger;
  /** Null while there is no connection. */
  api: () => Pick<RelayApi, 'call'> | null;
}

/** Milliseconds between two attempts, and the attempts that are made: after them the call ends by itself there. */
const AGAIN_MS = [500, 2_000, 5_000, 10_000, 20_000, 30_000];

/** True when asking again may help. */
function isOpen(outcome: ApiOutcome<unknown>): boolean {
  if (outcome.ok) return false;
  // It is over there too, or none of ours.
  return !['conflict', 'not_found', 'forbidden', 'unauthenticated', 'validation'].includes(outcome.error.code);
}

export class ServerWord {
  readonly #options: ServerWordOptions;
  readonly #waiting = new Map<string, { word: Word; attempt: number; cancel: Disposer }>();

  constructor(options: ServerWordOptions) {
    this.#options = options;
  }

  /** Tells it; resolves after the first attempt. */
  tell(callId: string, word: Word): Promise<void> {
    this.#waiting.get(callId)?.cancel();
    this.#waiting.set(callId, { word, attempt: 0, cancel: () => undefined });
    return this.#attempt(callId);
  }

  /** The socket is open: now. */
  now(): void {
    for (const [callId, { cancel }] of this.#waiting) {
      cancel();
      void this.#attempt(callId);
    }
  }

  stop(): void {
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  async #attempt(callId: string): Promise<void> {
    const entry = this.#waiting.get(callId);
    if (!entry) return;
    const outcome = await this.#ask(callId, entry.word);
    if (this.#waiting.get(callId) !== entry) return;
    if (outcome && !isOpen(outcome)) {
      this.#waiting.delete(callId);
      return;
    }
    const wait = AGAIN_MS[entry.attempt];
    if (wait === undefined) {
      this.#options.logger.warn('call.end_not_told');
      this.#waiting.delete(callId);
      return;
    }
    entry.attempt += 1;
    entry.cancel = this.#options.clock.after(wait, () => void this.#attempt(callId));
  }

  async #ask(callId: string, word: Word): Promise<ApiOutcome<unknown> | null> {
    const api = this.#options.api();
    if (!api) return null;
    const params = { callId };
    if (word.route === 'endCall') return api.call('endCall', { params });
    return api.call('rejectCall', { params, body: word.busy ? { reason: 'busy' } : {} });
  }
}
