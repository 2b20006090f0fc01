import type { Logger, Disposer } from '../services/ports.ts';

/** Listeners of one event. A listener that throws is logged and does not affect the others. */
export class Emitter<A extends unknown[]> {
  readonly #listeners = new Set<(...args: A) => void>();
  readonly #name: string;
  readonly #logger: Logger;

  /** @param name is logged when a listener throws. */
  constructor(name: string, logger: Logger) {
    this.#name = name;
    this.#logger = logger;
  }

  /** Adds a listener; returns its disposer. The same function added twice is called twice. */
  on(run: (...args: A) => void): Disposer {
    const own = (...args: A): void => run(...args);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Notifies every listener registered at the time of the call. */
  emit(...args: A): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(...args);
      } catch (error) {
        this.#logger.error('listener.threw', { event: this.#name, error: errorName(error) });
      }
    }
  }
}

/** What may be logged of a thrown value: its class and code, and the first frame of its stack. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const place = error.stack?.split('\n').find((line) => /^\s+at /.test(line));
  return `${error.name}${code}${place ? ` (${place.trim()})` : ''}`;
}
