/**
 * Sends messages over the open socket: one request shorter than REST. The server's own echo, which carries the
 * message's key, is the answer; an `error` frame with the key is a refusal. Only for servers with idempotency: without
 * a key an echo answers nothing, and what was sent twice would be stored twice.
 *
 * Whatever goes wrong with the socket leaves the message unanswered: it is sent again by REST, with the same key.
 */
import type { Message, SendMessageBody } from '#contract/api/message.ts';
import { type AppError, ERROR_CODES, type ErrorCode, fail } from '#contract/model/errors.ts';
import type { ClientFrame } from '#contract/ws/client-frames.ts';
import type { ServerFrameOf } from '#contract/ws/server-frames.ts';
import type { ApiOutcome, Clock, Disposer } from '../ports.ts';

/**
 * Sends over the socket at most: so many at once, and so many per second after that. Servers allow 20 frames per second and
 * connection; typing and reading need some of them. What is sent faster (a hundred forwarded messages) goes by request.
 */
export const LIVE_BURST = 30;
export const LIVE_PER_SECOND = 10;
/** Milliseconds without an echo after which a message counts as unanswered. */
export const ECHO_MS = 5_000;

type Outcome = ApiOutcome<{ message: Message }>;

export interface LiveSendsOptions {
  clock: Pick<Clock, 'after' | 'monotonic'>;
  me: string;
  /** Sends if the socket is open; false if it is not. */
  send: (frame: ClientFrame) => boolean;
}

interface Pending {
  answer: (outcome: Outcome) => void;
  cancelTimer: Disposer;
}

function isErrorCode(code: string): code is ErrorCode {
  return (ERROR_CODES as readonly string[]).includes(code);
}

function unanswered(code: ErrorCode, message: string): Outcome {
  return { ...fail(code, message), effect: 'unknown' };
}

export class LiveSends {
  readonly #options: LiveSendsOptions;
  /** By message key. */
  readonly #pending = new Map<string, Pending>();
  /** How many may be sent now, as of `#countedAt`. */
  #tokens = LIVE_BURST;
  #countedAt = 0;

  constructor(options: LiveSendsOptions) {
    this.#options = options;
  }

  /** Sends a message that has a key; null when the socket cannot take it now, and nothing has left. */
  send(key: string, body: SendMessageBody): Promise<Outcome> | null {
    const { clock, send } = this.#options;
    if (this.#pending.has(key) || !this.#take()) return null;
    if (!send({ type: 'message:send', data: { ...body, clientId: key } })) return null;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const expire = (): void => this.#end(key, unanswered('server_timeout', 'no echo'));
    this.#pending.set(key, { answer: resolve, cancelTimer: clock.after(ECHO_MS, expire) });
    return promise;
  }

  /** Takes every new message of the socket. */
  heard({ data }: ServerFrameOf<'message:new'>): void {
    if (!data.clientId || (data.sender?.id ?? data.senderId) !== this.#options.me) return;
    this.#end(data.clientId, { ok: true, value: { message: data }, status: 201 });
  }

  /** Takes every refusal of the server. */
  refused({ data: { code, clientId, retryAfterMs } }: ServerFrameOf<'error'>): void {
    if (!clientId) return;
    const error: AppError = { code: isErrorCode(code) ? code : 'server_error', message: 'refused over the socket' };
    if (typeof retryAfterMs === 'number') error.retryAfterMs = retryAfterMs;
    // A server that failed may have stored it nevertheless.
    this.#end(clientId, { ok: false, error, effect: error.code === 'server_error' ? 'unknown' : 'not_stored' });
  }

  /** The socket closed: what was pending is unanswered. */
  closed(): void {
    for (const key of [...this.#pending.keys()]) this.#end(key, unanswered('server_unreachable', 'the socket closed'));
  }

  /** Takes one of the sends that are allowed; false when there is none. */
  #take(): boolean {
    const now = this.#options.clock.monotonic();
    this.#tokens = Math.min(LIVE_BURST, this.#tokens + ((now - this.#countedAt) / 1000) * LIVE_PER_SECOND);
    this.#countedAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #end(key: string, outcome: Outcome): void {
    const pending = this.#pending.get(key);
    if (!pending) return;
    pending.cancelTimer();
    this.#pending.delete(key);
    pending.answer(outcome);
  }
}
