/** One request on its way: how far it has come, and what ends it from this side. */
import type { Clock, Disposer } from '../ports.ts';
import { newProgress, systemCodeOf, watchedTransport } from './connection.ts';
import type { RequestEnd } from './failure.ts';

export class RequestLife {
  readonly progress = newProgress();
  /** Goes into axios's request, like `transport`. */
  readonly signal: AbortSignal;
  readonly transport: ReturnType<typeof watchedTransport>;
  readonly #stop = new AbortController();
  readonly #disposers: Disposer[] = [];
  #cause: RequestEnd['cause'] | null = null;

  /** Starts the time for the connection, in milliseconds, and follows the caller's `signal`. */
  constructor(
    clock: Pick<Clock, 'after'>,
    connectTimeoutMs: number,
    { url, signal }: { url: URL; signal?: AbortSignal | undefined },
  ) {
    this.signal = this.#stop.signal;
    const cancelConnect = clock.after(connectTimeoutMs, () => this.end('connect_timeout'));
    this.onClose(cancelConnect);
    this.transport = watchedTransport(url.protocol === 'https:', this.progress, cancelConnect);
    const cancelled = (): void => this.end('cancelled');
    if (signal?.aborted) cancelled();
    signal?.addEventListener('abort', cancelled, { once: true });
    this.onClose(() => signal?.removeEventListener('abort', cancelled));
  }

  /** What ended it from this side; null if nothing did. */
  get cause(): RequestEnd['cause'] | null {
    return this.#cause;
  }

  /** Says why it is about to end by itself. The first cause counts. */
  blame(why: RequestEnd['cause']): void {
    this.#cause ??= why;
  }

  /** Ends it now. */
  end(why: RequestEnd['cause']): void {
    this.blame(why);
    this.#stop.abort();
    // Whatever axios is still listening to: an answer that streams ends too.
    this.progress.request?.destroy();
  }

  /** How it ended. @param otherwise the cause if nothing on this side ended it. */
  endOf(error: unknown, otherwise: RequestEnd['cause'] = 'error'): RequestEnd {
    return {
      cause: this.#cause ?? otherwise,
      systemCode: systemCodeOf(error),
      connected: this.progress.connected,
    };
  }

  /** What `close` must undo. */
  onClose(dispose: Disposer): void {
    this.#disposers.push(dispose);
  }

  /** Removes all timers and listeners. Call when it is over. */
  close(): void {
    for (const dispose of this.#disposers.splice(0)) dispose();
  }
}
