/**
 * Writes that only record receipts or activity. When the disk refuses one, the operation it belongs to still succeeds;
 * the write is kept in memory and retried, after a delay and after any other write succeeds.
 */
import type { LateWrites } from '../repositories/ports.ts';
import { isStorageFailure } from '../repositories/failures.ts';

/** Maximum number of pending writes; beyond it the oldest is dropped, and recreated on the next occasion. */
const MAX_KEPT = 10_000;
/** Milliseconds between retries while the disk refuses writes. */
const RETRY_MS = 5000;

interface Kept {
  order: number;
  write: () => Promise<void>;
}

export interface RetriedLateWrites extends LateWrites {
  /** Retries pending writes; call it after a successful commit. */
  retry(): void;
  close(): void;
}

/** @param onError called with every failure: storage failures, which are retried, and all others, which are not. */
export function createLateWrites(
  onError: (error: unknown, again: boolean) => void,
  retryMs = RETRY_MS,
): RetriedLateWrites {
  const kept = new Map<string, Kept>();
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function keep(key: string, order: number, write: () => Promise<void>): void {
    const known = kept.get(key);
    if (known && known.order > order) return;
    kept.set(key, { order, write });
    const oldest = kept.keys().next();
    if (kept.size > MAX_KEPT && !oldest.done) kept.delete(oldest.value);
    if (!closed) timer ??= setTimeout(retry, retryMs).unref();
  }

  async function attempt(key: string, order: number, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      const again = isStorageFailure(error);
      onError(error, again);
      if (again) keep(key, order, write);
    }
  }

  function retry(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    const all = [...kept];
    kept.clear();
    // In insertion order; what fails again is kept again.
    for (const [key, { order, write }] of all) void attempt(key, order, write);
  }

  return {
    attempt,
    retry() {
      if (kept.size > 0) retry();
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
