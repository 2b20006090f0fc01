/** Notes now and then how many people are connected: of each hour, the most. */
import type { WriteQueue } from '../repositories/ports.ts';

export interface OnlineSamplesOptions {
  count: () => Promise<number>;
  queue: WriteQueue;
  everyMs: number;
  now: () => number;
  onError: (error: unknown) => void;
}

const HOUR_MS = 3_600_000;

export function createOnlineSamples({ count, queue, everyMs, now, onError }: OnlineSamplesOptions) {
  async function sample(): Promise<void> {
    try {
      const value = await count();
      await queue.run((tx) => tx.hours.sample('online', Math.floor(now() / HOUR_MS), value), 'online');
    } catch (error) {
      onError(error);
    }
  }
  const timer = setInterval(() => void sample(), everyMs).unref();
  return { sample, close: () => clearInterval(timer) };
}
