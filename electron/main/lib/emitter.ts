import type { Logger, Disposer } from '../services/ports.ts';

/**
 * Listeners of one event. A listener that throws is logged and does not keep the others from hearing.
 */
export class Emitter<A extends unknown[]> {
  readonly #listeners = new Set<(...args: A) => void>();
  readonly #name: string;
  readonly #logger: Logger;

  /** @param name stands in the log when a listener throws. */
  constructor(name: string, logger: Logger) {
    this.#name = name;
    this.#logger = logger;
  }

  /** Adds a listener; the answer takes it away again. The same function added twice is heard twice. */
  on(run: (...args: A) => void): Disposer {
    const own = (...args: A): void => run(...args);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Tells everybody who listened when it was called. */
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

/** What of a thrown value may stand in a log: its kind and code, and the first line of its stack that is ours. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const place = error.stack?.split('\n').find((line) => /^\s+at /.test(line));
  return `${error.name}${code}${place ? ` (${place.trim()})` : ''}`;
}
