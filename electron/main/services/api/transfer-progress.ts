/** Reports how far a transfer has got, often enough for the eye and no more. */
import type { Clock } from '../ports.ts';

/** Milliseconds between two reports. */
const EVERY_MS = 100;

export interface TransferMeter {
  /** `bytes` more have moved. */
  moved(bytes: number): void;
  /** Reports the last number, unless it was reported already. */
  end(): void;
}

/** Creates the meter. @param report receives the sum, at most 10 times a second and once more at the end. */
export function createTransferMeter(
  clock: Pick<Clock, 'monotonic'>,
  report: ((bytes: number) => void) | undefined,
): TransferMeter {
  let sum = 0;
  let reported = -1;
  let reportedAt = Number.NEGATIVE_INFINITY;
  const flush = (): void => {
    if (reported === sum) return;
    reported = sum;
    report?.(sum);
  };
  return {
    moved(bytes) {
      sum += bytes;
      const now = clock.monotonic();
      if (now - reportedAt < EVERY_MS) return;
      reportedAt = now;
      flush();
    },
    end: flush,
  };
}
