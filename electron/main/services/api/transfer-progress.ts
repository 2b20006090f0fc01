/** Reports how far a transfer has got, often enough for the eye and no more. */
import type { Clock, Disposer } from '../ports.ts';

/** Milliseconds between two reports. */
const EVERY_MS = 100;

export interface TransferMeter {
  /** `bytes` more have moved. */
  moved(bytes: number): void;
  /** Reports the last number, unless it was reported already. */
  end(): void;
  /** Reports nothing more. */
  stop(): void;
}

/**
 * Creates the meter. A transfer that stalls is reported as far as it has come. @param report receives the sum, at most 10
 * times a second and once more at the end.
 */
export function createTransferMeter(
  clock: Pick<Clock, 'monotonic' | 'after'>,
  report: ((bytes: number) => void) | undefined,
): TransferMeter {
  let sum = 0;
  let reported = -1;
  let reportedAt = Number.NEGATIVE_INFINITY;
  let cancelTimer: Disposer | null = null;
  const stop = (): void => {
    cancelTimer?.();
    cancelTimer = null;
  };
  const flush = (): void => {
    stop();
    if (reported === sum) return;
    reported = sum;
    reportedAt = clock.monotonic();
    report?.(sum);
  };
  return {
    moved(bytes) {
      sum += bytes;
      const left = reportedAt + EVERY_MS - clock.monotonic();
      if (left <= 0) flush();
      else cancelTimer ??= clock.after(left, flush);
    },
    end: flush,
    stop,
  };
}
