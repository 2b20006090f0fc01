/** How fast a transfer is, and how long it will take. Pure: the caller passes the time. */

/** Milliseconds after which a measurement has lost most of its weight. */
const MEMORY_MS = 4_000;
/** Before this there is no estimate: the first seconds are no guide. */
const FIRST_MS = 1_000;

export interface TransferRate {
  /** A measurement: bytes moved in all, at `now` (milliseconds of a monotonic clock). */
  note(bytes: number, now: number): void;
  /** Seconds that `rest` more bytes will take; null while unknown or at a standstill. */
  left(rest: number): number | null;
}

/** Creates a meter. A total that decreases (a transfer that starts over) starts the measurement over. */
export function createTransferRate(): TransferRate {
  let begin: number | null = null;
  let last: { bytes: number; now: number } | null = null;
  /** Bytes per millisecond. */
  let rate: number | null = null;

  return {
    note(bytes, now) {
      if (!last || bytes < last.bytes) {
        begin = now;
        last = { bytes, now };
        rate = null;
        return;
      }
      const passed = now - last.now;
      if (passed <= 0) return;
      const measured = (bytes - last.bytes) / passed;
      const weight = 1 - Math.exp(-passed / MEMORY_MS);
      rate = rate === null ? measured : rate + (measured - rate) * weight;
      last = { bytes, now };
    },
    left(rest) {
      if (rate === null || begin === null || !last || last.now - begin < FIRST_MS || rate <= 0) return null;
      return Math.max(0, rest) / rate / 1000;
    },
  };
}
