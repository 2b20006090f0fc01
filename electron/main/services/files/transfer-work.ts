/** What every long work on files does alike: it waits, tells how far it is, and names what went wrong. */
import type { AppError } from '#contract/model/errors.ts';
import { diskProblem } from '../../lib/disk-problem.ts';
import { TransferFailed } from '../../lib/transfer-failed.ts';
import type { Clock, Disposer } from '../ports.ts';
import { systemCode } from './file-source.ts';

/** Milliseconds between two pushes. */
const TELL_MS = 100;

/** Resolves after so many milliseconds, or at once when the signal is aborted meanwhile. */
export function rest(clock: Pick<Clock, 'after'>, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal.addEventListener('abort', done);
  });
}

/** The word for a failure of a transfer or of the disk that it is written to. */
export function transferProblem(error: unknown): AppError {
  if (error instanceof TransferFailed) return error.failure;
  const code = systemCode(error);
  return { code: diskProblem(code), message: code };
}

/** Tells at once, then at most ten times a second, and always the last state. */
export class ThrottledTeller {
  readonly #clock: Pick<Clock, 'after' | 'monotonic'>;
  readonly #push: () => void;
  #toldAt = Number.NEGATIVE_INFINITY;
  #timer: Disposer | null = null;
  #isClosed = false;

  constructor(clock: Pick<Clock, 'after' | 'monotonic'>, push: () => void) {
    this.#clock = clock;
    this.#push = push;
  }

  tell(): void {
    if (this.#isClosed || this.#timer) return;
    const left = this.#toldAt + TELL_MS - this.#clock.monotonic();
    if (left > 0) {
      this.#timer = this.#clock.after(left, () => {
        this.#timer = null;
        this.tell();
      });
      return;
    }
    this.#toldAt = this.#clock.monotonic();
    this.#push();
  }

  /** Nothing is told any more. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.();
  }
}
