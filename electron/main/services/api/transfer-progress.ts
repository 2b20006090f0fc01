/** How far a transfer has come, told often enough for an eye and no more. */
import type { Clock } from '../ports.ts';

/** Milliseconds between two tellings. */
const EVERY_MS = 100;

export interface TransferMeter {
  /** So many more bytes have moved. */
  moved(bytes: number): void;
  /** Tells the last number, unless it was told. */
  end(): void;
}

/** Makes the meter. @param tell is told the sum, at most 10 times a second and once more at the end. */
export function createTransferMeter(
  clock: Pick<Clock, 'monotonic'>,
  tell: ((bytes: number) => void) | undefined,
): TransferMeter {
  let sum = 0;
  let told = -1;
  let toldAt = Number.NEGATIVE_INFINITY;
  const say = (): void => {
    if (told === sum) return;
    told = sum;
    tell?.(sum);
  };
  return {
    moved(bytes) {
      sum += bytes;
      const now = clock.monotonic();
      if (now - toldAt < EVERY_MS) return;
      toldAt = now;
      say();
    },
    end: say,
  };
}
