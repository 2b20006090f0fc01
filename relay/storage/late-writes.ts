/**
 * Writes that only note what somebody has got, read or done: when the disk does not take one, what it belongs to goes on
 * all the same, and the write is kept in memory and tried again, after a while and when another write has succeeded.
 */
import type { LateWrites } from '../repositories/ports.ts';
import { isStorageFailure } from './failures.ts';

/** Such writes kept at most; past it the oldest is forgotten, and made again by the next occasion. */
const MAX_KEPT = 10_000;
/** Milliseconds between two tries while the disk takes nothing. */
const RETRY_MS = 5000;

interface Kept {
  order: number;
  write: () => Promise<void>;
}

export interface RetriedLateWrites extends LateWrites {
  /** Tries what is kept: the disk has just taken something. */
  retry(): void;
  close(): void;
}

/** @param onError is told every failure: of the storage, which is tried again, and any other, which is not. */
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
    // In the order in which they were kept; what fails again is kept again.
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
